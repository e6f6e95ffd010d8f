import type { StoredFrame } from '@invigil/protocol/frame';
import { dumpFrames } from '../dump/dump-frames.ts';
import { dumpOf } from '../dump/frames-dump.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { Session } from '../model/session.ts';

export interface SessionReplayOptions {
  frames: Pick<FrameStore, 'read'>;
  dumpDir: string;
}

/** Part of a session: client clock, milliseconds since the Unix epoch. */
export interface ReplaySpan {
  fromMs: number;
  toMs: number;
}

/** The frames of a session for a replay. */
export class SessionReplay {
  readonly #options: SessionReplayOptions;

  constructor(options: SessionReplayOptions) {
    this.#options = options;
  }

  /** Frames in the span, in chunks, in order of time; null once the dump has expired. */
  async of(session: Session, span: ReplaySpan): Promise<AsyncIterable<StoredFrame[]> | null> {
    const { frames, dumpDir } = this.#options;
    // While a session is ending, its frames are still stored, and its dump may be incomplete.
    if (session.status !== 'ended') return within(frames.read(session.sessionId, span.fromMs), span);
    const file = await dumpOf(dumpDir, session.sessionId);
    return file === null ? null : within(dumpFrames(file), span);
  }
}

const within = async function* (
  chunks: AsyncIterable<StoredFrame[]>,
  { fromMs, toMs }: ReplaySpan,
): AsyncGenerator<StoredFrame[]> {
  for await (const chunk of chunks) {
    const wanted = chunk.filter(({ timestamp }) => timestamp >= fromMs && timestamp < toMs);
    if (wanted.length > 0) yield wanted;
  }
};
