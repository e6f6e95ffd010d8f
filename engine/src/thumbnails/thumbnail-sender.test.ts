import { beforeEach, expect, test } from 'vitest';
import { ThumbnailSender } from './thumbnail-sender.ts';
import type { PictureState } from './thumbnail-state.ts';

let nowMs: number;
let sent: { type: string; timestamp: number; data: string }[];
let states: PictureState[];
let hasRoom: boolean;
let encode: (image: string) => Promise<string | null>;
let sender: ThumbnailSender<string>;

beforeEach(() => {
  nowMs = 1_800_000_000_000;
  sent = [];
  states = [];
  hasRoom = true;
  encode = async (image) => `jpeg of ${image}`;
  sender = new ThumbnailSender({
    copy: (image) => image,
    encode: (image) => encode(image),
    send(message) {
      if (hasRoom) sent.push(message);
      return hasRoom;
    },
    nowMs: () => nowMs,
    onState: (state) => states.push(state),
  });
});

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
/** The camera's images for this long, five a second. */
const show = async (durationMs: number): Promise<void> => {
  for (const untilMs = nowMs + durationMs; nowMs < untilMs; nowMs += 200) {
    sender.offer(String(nowMs));
    await settle();
  }
};

test('sends nothing without a request', async () => {
  await show(10_000);
  expect(sent).toEqual([]);
  expect(states).toEqual([]);
});

test('sends one per interval while a proctor watches, and none afterwards', async () => {
  const fromMs = nowMs;
  sender.request({ every_ms: 2000, now: false });
  await show(6000);
  expect(sent).toEqual(
    [0, 2000, 4000].map((afterMs) => ({
      type: 'picture',
      timestamp: fromMs + afterMs,
      data: `jpeg of ${fromMs + afterMs}`,
    })),
  );
  expect(sender.state).toEqual({ isWatched: true, sent: 3, lastSentMs: fromMs + 4000 });
  sender.request(null);
  expect(states.at(-1)).toMatchObject({ isWatched: false });
  await show(6000);
  expect(sent).toHaveLength(3);
});

test('sends one at once for an alert, and no more', async () => {
  sender.request({ every_ms: null, now: true });
  await show(6000);
  expect(sent).toHaveLength(1);
  expect(states).toEqual([{ isWatched: false, sent: 1, lastSentMs: expect.any(Number) }]);
});

test('encodes one at a time, and drops images that are no longer requested', async () => {
  let finish: (jpeg: string | null) => void = () => undefined;
  let begun = 0;
  encode = () => {
    begun += 1;
    return new Promise((resolve) => (finish = resolve));
  };
  sender.request({ every_ms: 2000, now: false });
  await show(6000);
  expect(begun).toBe(1);
  sender.request(null);
  finish('late');
  await settle();
  expect(sent).toEqual([]);
});

test('continues after an image that could not be encoded, copied or sent', async () => {
  sender.request({ every_ms: 2000, now: false });
  encode = async () => null;
  await show(2000);
  hasRoom = false;
  encode = async () => 'jpeg';
  await show(2000);
  expect(sender.state).toMatchObject({ sent: 0, lastSentMs: null });
  hasRoom = true;
  await show(2000);
  expect(sent).toHaveLength(1);
});

test('an image that cannot be encoded is skipped, and the next one is sent', async () => {
  const making = encode;
  encode = () => Promise.reject(new Error('no worker'));
  sender.request({ every_ms: 2000, now: false });
  await show(1000);
  expect(sent).toEqual([]);
  encode = making;
  await show(3000);
  expect(sent).toHaveLength(1);
});
