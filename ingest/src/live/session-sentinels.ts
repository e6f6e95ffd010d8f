import type { LiveFrame, LiveFrameCoverage } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { Session } from '../model/session.ts';
import type { ExamDirectory } from './exam-directory.ts';
import type { LiveView } from './live-view.ts';

const frameOf = (sessionId: string, frame: StoredFrame): LiveFrame => {
  const { frame_id, seq, received_at: _received, ...features } = frame;
  return { sentinelId: sessionId, frameId: frame_id, index: seq, data: null, features };
};

interface Shown {
  connections: number;
  /** False until the exam's policy is known to allow it. */
  mayShow: boolean;
  /** The newest timestamp shown so far; older frames from a late backlog are not shown as live. */
  shownMs: number;
  /** When coverage was last sent, server clock. */
  coverageSentMs: number;
}

/** The coverage of a session is sent this often at most. */
const coverageEveryMs = 2000;

export interface SessionSentinelsOptions {
  view: LiveView;
  exams: ExamDirectory;
  coverageOf: (sessionId: string) => LiveFrameCoverage | null;
  now: () => number;
}

/**
 * Registers the students of the session channel as sentinels, and their feature frames as their frames. A sentinel's id
 * is the session's.
 */
export class SessionSentinels {
  readonly #view: LiveView;
  readonly #exams: ExamDirectory;
  readonly #coverageOf: SessionSentinelsOptions['coverageOf'];
  readonly #now: () => number;
  readonly #shown = new Map<string, Shown>();

  constructor({ view, exams, coverageOf, now }: SessionSentinelsOptions) {
    this.#view = view;
    this.#exams = exams;
    this.#coverageOf = coverageOf;
    this.#now = now;
  }

  /**
   * @param setWatched called when the first proctor starts to watch and when the last one stops. @returns call it when
   * the connection is closed.
   */
  opened(session: Session, setWatched: (isWatched: boolean) => void): () => void {
    const { sessionId, examId, memberId } = session;
    const shown = this.#shown.get(sessionId) ?? {
      connections: 0,
      mayShow: false,
      shownMs: -Infinity,
      coverageSentMs: -Infinity,
    };
    this.#shown.set(sessionId, shown);
    shown.connections += 1;
    // Its thumbnails have a single small size.
    const producer = { setResolution: () => undefined, setWatched };
    const leave = this.#view.join(sessionId, { examId, name: memberId ?? sessionId }, producer);
    void this.#lookUp(session, shown);
    return () => {
      leave();
      shown.connections -= 1;
      if (shown.connections === 0) this.#shown.delete(sessionId);
    };
  }

  stored(sessionId: string, frames: readonly StoredFrame[]): void {
    const shown = this.#shown.get(sessionId);
    if (shown === undefined || !shown.mayShow) return;
    const fresh = frames
      .filter(({ timestamp }) => timestamp > shown.shownMs)
      .toSorted((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    shown.shownMs = newest.timestamp;
    // If no proctor watches, keep only the last frame, for the next one who subscribes.
    const shownFrames = this.#view.isWatched(sessionId) ? fresh : [newest];
    const published = shownFrames.map((frame) => frameOf(sessionId, frame));
    const last = published.at(-1);
    const coverage = this.#dueCoverage(sessionId, shown);
    if (last !== undefined && coverage !== null) last.coverage = coverage;
    this.#view.publish(sessionId, published);
  }

  #dueCoverage(sessionId: string, shown: Shown): LiveFrameCoverage | null {
    if (this.#now() - shown.coverageSentMs < coverageEveryMs) return null;
    const coverage = this.#coverageOf(sessionId);
    if (coverage !== null) shown.coverageSentMs = this.#now();
    return coverage;
  }

  /**
   * Name and policy come from the records. While these are unavailable, the student is listed by id and nothing is
   * shown.
   */
  async #lookUp({ sessionId, examId, memberId }: Session, shown: Shown): Promise<void> {
    const policy = await this.#exams.policyOf(examId).catch(() => null);
    shown.mayShow ||= policy !== null && policy.live_view !== 'none';
    if (examId === null || memberId === null) return;
    const name = await this.#exams.nameOf(examId, memberId).catch(() => null);
    if (name !== null && shown.connections > 0) this.#view.rename(sessionId, name);
  }
}
