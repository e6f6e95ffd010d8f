import type { LiveFrame } from '@invigil/protocol/channels';
import { expect, test } from 'vitest';
import { relayedFrames, relayedLastFrames } from './relayed-frames.ts';

const frame = (index: number, data: string | null = null): LiveFrame => ({
  sentinelId: 's1',
  frameId: `f${index}`,
  index,
  data,
});
const tooLarge = 'x'.repeat(1_000_001);

test('sends each image in a separate message, and all numbers in one', () => {
  const messages = relayedFrames([frame(1), frame(2, 'a'), frame(3), frame(4, 'b')]);
  expect(messages.map((message) => message.map(({ index }) => index))).toEqual([[2], [4], [1, 3]]);
  expect(relayedFrames([])).toEqual([]);
});

test('leaves out an image that does not fit into a bus message', () => {
  expect(relayedFrames([frame(1, tooLarge), frame(2)])).toEqual([[frame(2)]]);
  expect(relayedLastFrames([frame(1, tooLarge), frame(2)])).toEqual([frame(2)]);
  expect(relayedLastFrames([frame(1, tooLarge)])).toBeNull();
});
