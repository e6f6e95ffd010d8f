import type { StoredFrame } from '@invigil/protocol/frame';
import { parseText } from '../frames/frame-text.ts';
import type { FrameText } from '../frames/frame-text.ts';

/** Reads frames of a session that ends, before they are deleted. Part of each end, so its work must be repeatable. */
export interface EndObserver {
  /** It receives the frames that have this field; the others are not parsed. */
  field: keyof StoredFrame;
  onFrames(frames: readonly StoredFrame[]): void;
  /** All frames were read. If it rejects, the end fails and is repeated later. */
  onRead(): Promise<void>;
}

export const noObserver: EndObserver = {
  field: 'page_violations',
  onFrames: () => undefined,
  onRead: async () => undefined,
};

/** The same frames, which the observer receives on the way. */
export const observed = async function* (
  frames: AsyncIterable<FrameText[]>,
  observer: EndObserver,
): AsyncGenerator<FrameText[]> {
  const name = JSON.stringify(observer.field);
  for await (const chunk of frames) {
    const wanted = chunk.filter(({ text }) => text.includes(name));
    if (wanted.length > 0) observer.onFrames(wanted.map(parseText));
    yield chunk;
  }
};
