import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PageSignals } from './page-signals.ts';

let nowMs = 1_800_000_000_000;
let signals: PageSignals;

beforeEach(() => {
  signals = new PageSignals(() => nowMs);
  signals.take();
});
afterEach(() => signals.close());

const types = (): string[] => signals.take().map(({ type }) => type);
const key = (init: KeyboardEventInit): boolean => document.dispatchEvent(new KeyboardEvent('keydown', init));

describe('page signals', () => {
  test.each([
    ['copy', 'COPY_ATTEMPT'],
    ['cut', 'COPY_ATTEMPT'],
    ['paste', 'PASTE_ATTEMPT'],
    ['contextmenu', 'RIGHT_CLICK'],
  ])('%s is told as %s, with its time and nothing else', (event, type) => {
    document.body.dispatchEvent(new Event(event, { bubbles: true }));
    expect(signals.take()).toEqual([{ type, timestamp: nowMs }]);
    expect(signals.take()).toEqual([]);
  });

  test('a page that stops the event does not hide it', () => {
    const stop = (event: Event): void => event.stopImmediatePropagation();
    document.body.addEventListener('paste', stop);
    document.body.dispatchEvent(new Event('paste', { bubbles: true }));
    document.body.removeEventListener('paste', stop);
    expect(types()).toEqual(['PASTE_ATTEMPT']);
  });

  test('one kind is told once a second at most', () => {
    for (let count = 0; count < 5; count += 1) document.dispatchEvent(new Event('copy'));
    nowMs += 999;
    document.dispatchEvent(new Event('copy'));
    nowMs += 1;
    document.dispatchEvent(new Event('copy'));
    expect(types()).toEqual(['COPY_ATTEMPT', 'COPY_ATTEMPT']);
  });

  test('losing the focus waits until it is clear that the tab stayed', () => {
    dispatchEvent(new Event('blur'));
    expect(types()).toEqual([]);
    nowMs += 501;
    expect(types()).toEqual(['WINDOW_BLUR']);
  });

  test('shortcuts of developer tools count, typing does not', () => {
    key({ key: 'i' });
    key({ key: 'C', shiftKey: true });
    key({ key: 'c', ctrlKey: true });
    expect(types()).toEqual([]);
    key({ key: 'I', ctrlKey: true, shiftKey: true });
    expect(types()).toEqual(['DEV_TOOLS']);
  });

  test('keeps as many as a frame carries, and counts the rest', () => {
    for (let second = 0; second < 53; second += 1) {
      document.dispatchEvent(new Event('copy'));
      nowMs += 1000;
    }
    expect(types()).toHaveLength(50);
    expect(signals.takeDropped()).toBe(3);
    expect(signals.takeDropped()).toBe(0);
  });

  test('at the end, a lost focus is told though it may not have settled', () => {
    dispatchEvent(new Event('blur'));
    expect(types()).toEqual([]);
    expect(signals.takeLast().map(({ type }) => type)).toEqual(['WINDOW_BLUR']);
  });

  test('says nothing more when it is closed', () => {
    signals.close();
    document.dispatchEvent(new Event('copy'));
    expect(types()).toEqual([]);
  });
});
