import { StrictMode, createElement } from 'react';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InvigilProctor } from '../react.ts';
import type { InvigilProctorProps } from '../react.ts';
import type { Stage } from '../element/session/stage.ts';
import type { InvigilProctor as InvigilProctorElement } from '../element/invigil-proctor.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let container: HTMLElement;
let root: Root;
let element: InvigilProctorElement | null;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  container = document.body.appendChild(document.createElement('main'));
  root = createRoot(container);
});
afterEach(async () => {
  await act(async () => root.unmount());
  container.remove();
  vi.unstubAllGlobals();
});

const show = (props: InvigilProctorProps): Promise<void> =>
  act(async () =>
    root.render(
      createElement(
        StrictMode,
        null,
        createElement(InvigilProctor, {
          ...props,
          ref: (current: InvigilProctorElement | null) => void (element = current),
        }),
      ),
    ),
  );

test('props become attributes and properties, and follow changes', async () => {
  await show({ serverUrl: 'https://one.example.edu', sessionId: 'one', token: 'first', texts: {} });
  expect(element?.serverUrl).toBe('https://one.example.edu');
  expect(element?.sessionId).toBe('one');
  expect(element?.token).toBe('first');
  const before = element;
  await show({ serverUrl: 'https://one.example.edu', sessionId: 'one', token: 'second', options: { frameRateHz: 2 } });
  expect(element).toBe(before);
  expect(element?.token).toBe('second');
  expect(element?.options).toEqual({ frameRateHz: 2 });
});

test('in strict mode each event is heard once, by the newest handler', async () => {
  const [older, newer] = [vi.fn<(stage: Stage) => void>(), vi.fn<(stage: Stage) => void>()];
  await show({ sessionId: 'one', onStage: older });
  await show({ sessionId: 'one', onStage: newer });
  await act(async () => {
    element?.dispatchEvent(new CustomEvent('invigil-stage', { detail: { stage: 'consent' } }));
  });
  expect(older).not.toHaveBeenCalled();
  expect(newer).toHaveBeenCalledExactlyOnceWith({ stage: 'consent' });
});

test('a session function reports why there is no session, and the newest one counts', async () => {
  await show({ session: () => Promise.reject(new Error('too early')) });
  await show({ session: () => Promise.reject(new Error('the exam has not begun')) });
  await act(() => element?.start());
  expect(element?.stage).toEqual({ stage: 'not_started', detail: 'the exam has not begun' });
});

test('an inline notice function is not called again by each render', async () => {
  const reads = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('offline')));
  for (let render = 0; render < 5; render += 1) await show({ sessionId: 'one', notice: () => reads() });
  const source = element?.notice;
  await show({ sessionId: 'one', notice: () => reads() });
  expect(element?.notice).toBe(source);
  expect(reads).toHaveBeenCalledOnce();
});

test('with autostart it begins once the properties are set', async () => {
  const session = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('no session')));
  await show({ autostart: true, session });
  expect(element?.stage).toEqual({ stage: 'not_started', detail: 'no session' });
  expect(session).toHaveBeenCalledOnce();
});

test('unmounting stops the element', async () => {
  await show({ sessionId: 'one' });
  const stop = vi.spyOn(element as InvigilProctorElement, 'stop');
  await act(async () => root.render(null));
  await waitFor(() => expect(stop).toHaveBeenCalled(), { timeout: 15_000 });
});
