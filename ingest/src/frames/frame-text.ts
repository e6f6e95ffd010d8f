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

export const positionOf = ({ timestamp, seq, frame_id }: StoredFrame): FramePosition => ({ timestamp, seq, frame_id });

/** Where the value of a key begins, if no other object in the text has this key; otherwise null. A quote inside a string is escaped. */
const valueOf = (text: string, key: string): number | null => {
  const start = text.indexOf(key);
  const end = start + key.length;
  return start === -1 || text.includes(key, end) ? null : end;
};

/** The position of a frame in the JSON that `JSON.stringify` made of it, usually without parsing it. */
export const positionIn = (text: string): FramePosition => {
  const idAt = valueOf(text, '"frame_id":"');
  const timeAt = valueOf(text, '"timestamp":');
  if (idAt === null || timeAt === null) return positionOf(JSON.parse(text) as StoredFrame);
  const frameId = text.slice(idAt, text.indexOf('"', idAt));
  const comma = text.indexOf(',', timeAt);
  const timestamp = Number(text.slice(timeAt, comma === -1 ? text.length - 1 : comma));
  return { timestamp, seq: seqOfId(frameId), frame_id: frameId };
};
