import type { ClientFrame } from './client-frame.ts';

/** A frame with its size on the wire. */
export interface OutboxEntry {
  seq: number;
  timestampMs: number;
  /** Of the frame as JSON, in UTF-8. */
  bytes: number;
  frame: ClientFrame;
}

export type OutboxEntryInfo = Omit<OutboxEntry, 'frame'>;

const encoder = new TextEncoder();

export const outboxEntry = (frame: ClientFrame): OutboxEntry => ({
  seq: frame.seq,
  timestampMs: frame.timestamp,
  bytes: encoder.encode(JSON.stringify(frame)).length,
  frame,
});
