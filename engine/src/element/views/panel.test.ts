// @vitest-environment happy-dom
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { describe, expect, test } from 'vitest';
import { readyDelivery, waitingDelivery as waiting } from '../../../test/support/delivery-states.ts';
import type { DeliveryState } from '../../connection/delivery-state.ts';
import { firstView } from '../session/session-view.ts';
import { elementTexts } from '../texts/element-texts.ts';
import { Panel } from './panel.tsx';
import type { ViewProps } from './view-props.ts';

const nowMs = 1_800_000_000_000;
const available = { available: true } as const;
const capabilities = { face: available, phone: available, hands: available };
const ready = readyDelivery();

/** A panel in a page. `show` draws it again with another delivery and another time. */
const setUp = () => {
  const place = document.createElement('div');
  document.body.replaceChildren(place);
  const show = (
    delivery: DeliveryState,
    seconds: number,
    {
      noOfFace = 1,
      askForHelp = null,
      ...view
    }: { noOfFace?: number; askForHelp?: ViewProps['askForHelp'] } & Partial<ViewProps['view']> = {},
  ): Promise<void> => {
    const props: ViewProps = {
      view: {
        ...firstView,
        delivery,
        frame: { seq: seconds, timestamp: nowMs, frame_id: 'f', no_of_face: noOfFace } as never,
        frames: seconds,
        noted: [],
        ...view,
      },
      texts: elementTexts('en'),
      language: 'en',
      video: document.createElement('video'),
      resuming: false,
      mayPicture: true,
      online: true,
      nowMs: nowMs + seconds * 1000,
      notice: null,
      serverNowMs: null,
      askForHelp,
      onDecline: () => undefined,
      onReconsider: () => undefined,
      onBegin: () => undefined,
      onBeginWithout: () => undefined,
      onRestart: () => undefined,
      onDeliver: () => undefined,
      onPause: () => undefined,
      onResume: () => undefined,
      onMessagesRead: () => undefined,
      onChooseCamera: () => undefined,
    };
    const running = { stage: 'running', sinceMs: nowMs, breakSinceMs: null, capabilities, missing: null } as const;
    return act(() => render(h(Panel, { ...props, running }), place));
  };
  const text = (testId: string): string => place.querySelector(`[data-testid=${testId}]`)?.textContent ?? '';
  return { place, show, text };
};

/**
 * What a browser's translator does: it wraps each text node in elements of its own, unless translation is turned off.
 */
const translate = (root: Element): void => {
  for (const child of Array.from(root.childNodes)) {
    if (child instanceof Text && child.data.trim() !== '') {
      const font = document.createElement('font');
      font.append(child.data);
      child.replaceWith(font);
    } else if (child instanceof HTMLElement && child.getAttribute('translate') !== 'no' && child.tagName !== 'FONT') {
      translate(child);
    }
  }
};

describe('the panel for a screen reader', () => {
  test('says that the connection is lost and that all is delivered, and no number in between', async () => {
    const { show, text } = setUp();
    const said = new Set<string>();
    await show(ready, 1);
    for (let second = 2; second < 60; second += 1) {
      await show(waiting(second * 5), second);
      expect(text('delivery')).toContain(`${second * 5} measurements are waiting`);
      said.add(text('spoken'));
    }
    await show(ready, 60);
    said.add(text('spoken'));
    expect([...said]).toEqual(['No connection at the moment. Continue with the exam', 'Everything has been delivered']);
  });

  test('has the line with the number in no live region', async () => {
    const { place, show } = setUp();
    await show(waiting(5), 1);
    const line = place.querySelector('[data-testid=delivery]');
    expect(line?.closest('[aria-live], [role=status], [role=alert]')).toBeNull();
  });
});

test('a disconnected camera is why nothing is observed, whatever the last frame says', async () => {
  const { place, show, text } = setUp();
  await show(ready, 1, { trouble: 'camera_lost' });
  expect(text('observed')).toBe('Not observed: the camera is disconnected');
  expect(place.querySelector('.bar-text')?.textContent).toBe('Not observed');
});

test('the bar names a delivery problem in short', async () => {
  const { place, show, text } = setUp();
  await show(waiting(5), 1);
  expect(text('delivery')).toContain('5 measurements are waiting');
  expect(place.querySelector('.bar-text')?.textContent).toBe('No connection');
});

describe('the panel when the server refuses the session', () => {
  test('offers to try again', async () => {
    const { place, show } = setUp();
    await show({ ...ready, state: 'ended', reason: 'refused' } as DeliveryState, 1);
    expect(place.querySelector('[data-testid=again]')?.textContent).toBe('Try again');
    await show(ready, 2);
    expect(place.querySelector('[data-testid=again]')).toBeNull();
  });
});

describe('the panel in a translated page', () => {
  test('goes on showing the time, the delivery and the readings', async () => {
    const { place, show, text } = setUp();
    await show(waiting(5), 61);
    for (let second = 62; second < 66; second += 1) {
      translate(place);
      await show(waiting(second), second, { noOfFace: second });
      expect(place.querySelector('.head')?.textContent).toContain(`1:0${second - 60}`);
      expect(text('delivery')).toContain(`${second} measurements are waiting`);
      expect(place.querySelector('.numbers dd')?.textContent).toBe(String(second));
    }
    expect(place.querySelectorAll('font').length).toBeGreaterThan(5);
  });

  test('has each text once', async () => {
    const { place, show, text } = setUp();
    await show(waiting(5), 1);
    translate(place);
    await show(ready, 2);
    expect(text('delivery')).toBe('Everything has been delivered');
    expect(place.querySelectorAll('[data-testid=delivery]')).toHaveLength(1);
  });
});

describe('a proctor’s message', () => {
  const message = { id: 'm1', text: 'Please turn on a light.', atMs: nowMs };
  const guidance = { mayBreak: false, messages: [message] };
  const press = (place: Element, testId: string) =>
    act(async () => place.querySelector<HTMLButtonElement>(`[data-testid=${testId}]`)?.click());

  test('is answered in place', async () => {
    const { place, show, text } = setUp();
    const sent: string[] = [];
    await show(ready, 1, { guidance, askForHelp: async (reply) => void sent.push(reply) });
    await press(place, 'reply');
    await press(place, 'reply-send');
    expect(sent).toEqual([]);
    place.querySelector<HTMLTextAreaElement>('[data-testid=reply-text]')!.value = ' It is on now. ';
    await press(place, 'reply-send');
    expect(sent).toEqual(['It is on now.']);
    await expect.poll(() => place.textContent).toContain('Your reply was sent.');
    expect(text('messages')).toContain('Please turn on a light.');
  });

  test('keeps what is typed while a reply is sent, and a form that was opened again', async () => {
    const { place, show } = setUp();
    const answers: (() => void)[] = [];
    const askForHelp = () => new Promise<void>((resolve) => answers.push(resolve));
    await show(ready, 1, { guidance, askForHelp });
    const field = () => place.querySelector<HTMLTextAreaElement>('[data-testid=reply-text]');
    const write = (text: string) => (field()!.value = text);
    const answer = () => act(async () => answers.shift()?.());
    await press(place, 'reply');
    write('It is on');
    await press(place, 'reply-send');
    write('It is on. Is it better?');
    await answer();
    await expect.poll(() => place.textContent).toContain('Your reply was sent.');
    expect(field()?.value).toBe('It is on. Is it better?');
    await press(place, 'reply-send');
    await act(async () => place.querySelector<HTMLButtonElement>('.buttons .quiet')?.click());
    await press(place, 'reply');
    write('And now?');
    await answer();
    expect(field()?.value).toBe('And now?');
  });

  test('has no reply where the exam allows no chat, nor once it was read', async () => {
    const { place, show } = setUp();
    await show(ready, 1, { guidance });
    expect(place.querySelector('[data-testid=reply]')).toBeNull();
    await show(ready, 2, { guidance, askForHelp: async () => undefined, lastReadMessage: 'm1' });
    expect(place.querySelector('[data-testid=reply]')).toBeNull();
  });
});
