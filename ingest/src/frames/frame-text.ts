import type { StoredFrame } from '@invigil/protocol/frame';

/** A frame's position in the order of analysis (`compareFrames`). */
export type FramePosition = Pick<StoredFrame, 'timestamp' | 'seq' | 'frame_id'>;

/** A stored frame that was not parsed: its position and its JSON, which is also its line in the dump. */
export interface FrameText extends FramePosition {
  text: string;
}

export const parseText = ({ text }: FrameText): StoredFrame => JSON.parse(text) as StoredFrame;

const serverPrefix = 'srv-';

/** Whether the server numbered the frame. */
export const isOfServer = (frameId: string): boolean => frameId.startsWith(serverPrefix);

/** The frame's number: the client's, or the server's (`srv-…`). */
export const seqOfId = (frameId: string): number =>
  Number(isOfServer(frameId) ? frameId.slice(serverPrefix.length) : frameId);
