import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
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
  ])('reports %s as %s, with its time and nothing else', (event, type) => {
    document.body.dispatchEvent(new Event(event, { bubbles: true }));
    expect(signals.take()).toEqual([{ type, timestamp: nowMs }]);
    expect(signals.take()).toEqual([]);
  });

  test('detects an event even if the page stops its propagation', () => {
    const stop = (event: Event): void => event.stopImmediatePropagation();
    document.body.addEventListener('paste', stop);
    document.body.dispatchEvent(new Event('paste', { bubbles: true }));
    document.body.removeEventListener('paste', stop);
    expect(types()).toEqual(['PASTE_ATTEMPT']);
  });

  test('reports one type at most once a second', () => {
    for (let count = 0; count < 5; count += 1) document.dispatchEvent(new Event('copy'));
    nowMs += 999;
    document.dispatchEvent(new Event('copy'));
    nowMs += 1;
    document.dispatchEvent(new Event('copy'));
    expect(types()).toEqual(['COPY_ATTEMPT', 'COPY_ATTEMPT']);
  });

  test('does not report discarded violations', () => {
    document.dispatchEvent(new Event('paste'));
    signals.forget();
    expect([signals.takeLast(), signals.takeDropped()]).toEqual([[], 0]);
  });

  test('waits after a lost focus until it is clear that the tab stayed visible', () => {
    dispatchEvent(new Event('blur'));
    expect(types()).toEqual([]);
    nowMs += 501;
    expect(types()).toEqual(['WINDOW_BLUR']);
  });

  test('detects shortcuts of developer tools, but not typing', () => {
    key({ key: 'i' });
    key({ key: 'C', shiftKey: true });
    key({ key: 'c', ctrlKey: true });
    expect(types()).toEqual([]);
    key({ key: 'I', ctrlKey: true, shiftKey: true });
    expect(types()).toEqual(['DEV_TOOLS']);
  });

  /** A page cannot add a screen, but the browser's screen properties can be overridden. */
  const withScreens = (isExtended: boolean | undefined, run: (seen: () => string[]) => void): void => {
    Object.defineProperty(window.screen, 'isExtended', { value: isExtended, configurable: true });
    const own = new PageSignals(() => nowMs);
    run(() => own.take().map(({ type }) => type));
    own.close();
    delete (window.screen as { isExtended?: boolean }).isExtended;
  };

  test('reports a second screen at the start and when one is added', () => {
    withScreens(true, (seen) => expect(seen()).toEqual(['SECOND_SCREEN']));
    withScreens(false, (seen) => {
      expect(seen()).toEqual([]);
      Object.defineProperty(window.screen, 'isExtended', { value: true, configurable: true });
      (window.screen as Screen & EventTarget).dispatchEvent(new Event('change'));
      expect(seen()).toEqual(['SECOND_SCREEN']);
    });
  });

  test('reports no screen if the browser does not state the number of screens', () => {
    withScreens(undefined, (seen) => expect(seen()).toEqual([]));
  });

  test('reports leaving full screen, but not entering it', async () => {
    // Only a click may request full screen.
    const button = document.body.appendChild(document.createElement('button'));
    button.addEventListener('click', () => void document.documentElement.requestFullscreen());
    // The element is set before the event; leaving in between would cancel both events.
    const entered = new Promise((resolve) => document.addEventListener('fullscreenchange', resolve, { once: true }));
    await userEvent.click(button);
    await entered;
    expect(document.fullscreenElement).not.toBeNull();
    expect(types()).not.toContain('FULL_SCREEN_EXIT');
    await document.exitFullscreen();
    await expect.poll(() => types(), { timeout: 10_000 }).toContain('FULL_SCREEN_EXIT');
    button.remove();
  });

  test('reports contain no copied, pasted or typed text', async () => {
    const field = document.body.appendChild(document.createElement('textarea'));
    field.focus();
    await userEvent.keyboard('a secret answer{Control>}a{/Control}');
    await userEvent.copy();
    await userEvent.paste();
    field.remove();
    const told = signals.take();
    expect(told.map(({ type }) => type).toSorted()).toEqual(['COPY_ATTEMPT', 'PASTE_ATTEMPT']);
    for (const violation of told) expect(Object.keys(violation).toSorted()).toEqual(['timestamp', 'type']);
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  test('keeps as many violations as a frame can carry, and counts the rest', () => {
    for (let second = 0; second < 53; second += 1) {
      document.dispatchEvent(new Event('copy'));
      nowMs += 1000;
    }
    expect(types()).toHaveLength(50);
    expect(signals.takeDropped()).toBe(3);
    expect(signals.takeDropped()).toBe(0);
  });

  test('reports a lost focus at the end, even before it has settled', () => {
    dispatchEvent(new Event('blur'));
    expect(types()).toEqual([]);
    expect(signals.takeLast().map(({ type }) => type)).toEqual(['WINDOW_BLUR']);
  });

  test('reports nothing after it is closed', () => {
    signals.close();
    document.dispatchEvent(new Event('copy'));
    expect(types()).toEqual([]);
  });
});
