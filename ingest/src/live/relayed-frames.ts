import type { LiveFrame } from '@invigil/protocol/channels';

/** A bus message must stay under 1 MB (NATS). The live channel refuses larger images, because other replicas would not show them. */
export const maxBusImageChars = 1_000_000;

/** Groups frames into bus messages: each new image in its own, because of its size, then all numbers. */
export const relayedFrames = (frames: readonly LiveFrame[]): LiveFrame[][] => {
  const images = frames.filter(({ data }) => data !== null && data.length <= maxBusImageChars);
  const numbers = frames.filter(({ data }) => data === null);
  return [...images.map((image) => [image]), ...(numbers.length === 0 ? [] : [numbers])];
};

/** The last image and the last numbers, which fit into one bus message; null if nothing is left to send. */
export const relayedLastFrames = (frames: readonly LiveFrame[]): LiveFrame[] | null => {
  const small = frames.filter(({ data }) => data === null || data.length <= maxBusImageChars);
  return small.length === 0 ? null : small;
};
