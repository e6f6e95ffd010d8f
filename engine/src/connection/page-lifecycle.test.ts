// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchPageLifecycle } from './page-lifecycle.ts';

let calls: string[];
let page: AbortController;
let hidden: boolean;

beforeEach(() => {
  calls = [];
  hidden = false;
  page = new AbortController();
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  watchPageLifecycle({
    onWake: () => calls.push('wake'),
    onOffline: () => calls.push('offline'),
    onMayLeave: () => calls.push('may leave'),
    onUnload: () => calls.push('unload'),
    signal: page.signal,
  });
});

afterEach(() => {
  page.abort();
  vi.restoreAllMocks();
});

const happens = (target: EventTarget, name: string): string[] => {
  calls = [];
  target.dispatchEvent(new Event(name));
  return calls;
};

test('wakes when the network, or the page itself, is back', () => {
  expect(happens(window, 'online')).toEqual(['wake']);
  expect(happens(window, 'pageshow')).toEqual(['wake']);
  expect(happens(document, 'resume')).toEqual(['wake']);
});

test('only pings when the browser reports that the network is gone', () => {
  expect(happens(window, 'offline')).toEqual(['offline']);
});

test('stores pending frames before the page may be frozen or closed', () => {
  expect(happens(document, 'freeze')).toEqual(['may leave']);
  expect(happens(window, 'pagehide')).toEqual(['may leave', 'unload']);
});

test('a page that is hidden stores, and one that is shown also wakes', () => {
  hidden = true;
  expect(happens(document, 'visibilitychange')).toEqual(['may leave']);
  hidden = false;
  expect(happens(document, 'visibilitychange')).toEqual(['may leave', 'wake']);
});

test('ignores all events once it is closed', () => {
  page.abort();
  for (const name of ['online', 'offline', 'pageshow', 'pagehide']) expect(happens(window, name)).toEqual([]);
  for (const name of ['freeze', 'resume', 'visibilitychange']) expect(happens(document, name)).toEqual([]);
});
