import type { StoredFrame } from '@invigil/protocol/frame';
import { maxGaps } from './frame-store.ts';
import type { FrameIntake } from './frame-store.ts';
import { droppedField } from './stream-hash.ts';

export interface LinkedIntake {
  /** Ascending by number, without duplicates. */
  frames: readonly StoredFrame[];
  /** `sentText` of each frame. */
  texts: readonly string[];
  lost: FrameIntake['lost'];
  lossTotals: FrameIntake['lossTotals'];
  dropped: FrameIntake['dropped'];
  /** The chain head that `link` follows. */
  previous: string;
  /** The head after these frames; empty if there are none. */
  link: string;
  /** Whether the client expected this link. */
  isConfirmed: boolean;
}

export interface StreamLifetimes {
  /** Seconds, as text. */
  frames: string;
  stream: string;
}

/** The arguments of the script `append`, in its order. @param nonce for a chain that begins with these frames */
export const appendArguments = (intake: LinkedIntake, nonce: string, lifetimes: StreamLifetimes): string[] => {
  const { frames, texts, lost, dropped, previous, link, isConfirmed } = intake;
  const totals: [field: string, total: number][] = Object.entries(intake.lossTotals).map(([reason, total]) => [
    `told:${reason}`,
    total,
  ]);
  if (dropped !== undefined) totals.push([droppedField(dropped.writer), dropped.total]);
  const words = [
    lifetimes.frames,
    lifetimes.stream,
    String(maxGaps),
    nonce,
    previous,
    link,
    isConfirmed ? '1' : '0',
    String(frames.length),
    String(lost.length),
    String(totals.length),
    String(frames[0]?.received_at ?? 0),
  ];
  for (const [at, { frame_id: id, seq, timestamp }] of frames.entries()) {
    // Without the opening brace: the script prepends the fields that the server adds.
    words.push(id, String(seq), String(timestamp), (texts[at] ?? '').slice(1));
  }
  for (const { reason, seqs } of lost) words.push(reason, String(seqs[0]), String(seqs[1]));
  for (const [field, total] of totals) words.push(field, String(total));
  return words;
};
