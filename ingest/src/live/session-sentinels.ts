import { emptyMinute } from '@invigil/protocol/frame';
import type { LiveFrame, LiveFrameCoverage } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { CrowdGate } from '../records/crowd-gate.ts';
import type { Session } from '../model/session.ts';
import type { ExamDirectory } from './exam-directory.ts';
import { stepReading, unobservedAt } from './latest-reading.ts';
import type { LatestReading } from './latest-reading.ts';
import { untilAnswered } from '../time/until-answered.ts';
import type { LiveView } from './live-view.ts';

const frameOf = (sessionId: string, frame: StoredFrame): LiveFrame => {
  // A rest pattern would copy each field by itself. JSON has no undefined members.
  const features = { ...frame, frame_id: undefined, seq: undefined, received_at: undefined };
  return { sentinelId: sessionId, frameId: frame.frame_id, index: frame.seq, data: null, features };
};

interface Shown {
  connections: number;
  /** Whether the exam's policy lets proctors see the numbers. */
  view: 'unknown' | 'shown' | 'hidden';
  /** How often the policy was looked up; only the newest answer counts. */
  lookUps: number;
  /** The newest frame while the policy is unknown. */
  early: StoredFrame | null;
  /** The newest timestamp shown so far; older frames from a late backlog are not shown as live. */
  shownMs: number;
  /** When coverage and the last minute were last sent, server clock. */
  summarySentMs: number;
  /** Null before the first frame. */
  reading: LatestReading | null;
}

/** Coverage and last minute of a session are sent this often at most. */
const summaryEveryMs = 2000;
/** How often each session is checked for a gap. */
const checkEveryMs = 1000;

export interface SessionSentinelsOptions {
  view: LiveView;
  exams: ExamDirectory;
  coverageOf: (sessionId: string) => LiveFrameCoverage | null;
  now: () => number;
}

/**
 * Registers the students of the session channel as sentinels, and their feature frames as their frames. A sentinel's id
 * is the session's. Also decides which students cannot be observed now, whatever the policy shows of them.
 */
export class SessionSentinels {
  readonly #options: SessionSentinelsOptions;
  readonly #shown = new Map<string, Shown>();
  readonly #gate = new CrowdGate();
  readonly #timer: NodeJS.Timeout;

  constructor(options: SessionSentinelsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.check(), checkEveryMs).unref();
  }

  /**
   * @param setWatched called when the first proctor starts to watch and when the last one stops. @returns call it when
   * the connection is closed.
   */
  opened(session: Session, setWatched: (isWatched: boolean) => void): () => void {
    const { sessionId, examId, memberId } = session;
    const shown = this.#shown.get(sessionId) ?? {
      connections: 0,
      view: 'unknown',
      lookUps: 0,
      early: null,
      shownMs: -Infinity,
      summarySentMs: -Infinity,
      reading: null,
    };
    this.#shown.set(sessionId, shown);
    shown.connections += 1;
    // Its thumbnails have a single small size.
    const producer = { setResolution: () => undefined, setWatched };
    const leave = this.#options.view.join(sessionId, { examId, name: memberId ?? sessionId }, producer);
    void this.#lookUp(session, shown);
    return () => {
      leave();
      shown.connections -= 1;
      if (shown.connections === 0) this.#shown.delete(sessionId);
    };
  }

  stored(sessionId: string, frames: readonly StoredFrame[]): void {
    const shown = this.#shown.get(sessionId);
    if (shown === undefined) return;
    const fresh = frames
      .filter(({ timestamp }) => timestamp > shown.shownMs)
      .toSorted((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
    const newest = fresh.at(-1);
    if (newest === undefined) return;
    shown.shownMs = newest.timestamp;
    for (const frame of fresh) shown.reading = stepReading(shown.reading, frame);
    if (shown.view === 'shown') this.#show(sessionId, shown, fresh, newest);
    if (shown.view === 'unknown') shown.early = newest;
  }

  /** Announces which of the connected students are not observed now. Called once a second. */
  check(): void {
    const { view, now } = this.#options;
    for (const [sessionId, { reading }] of this.#shown) {
      view.setUnobserved(sessionId, reading === null ? null : unobservedAt(reading, now()));
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #show(sessionId: string, shown: Shown, fresh: readonly StoredFrame[], newest: StoredFrame): void {
    const { view } = this.#options;
    // If no proctor watches, keep only the last frame, for the next one who subscribes.
    const shownFrames = view.isWatched(sessionId) ? fresh : [newest];
    const published = shownFrames.map((frame) => frameOf(sessionId, frame));
    this.#addSummary(sessionId, shown, published.at(-1));
    view.publish(sessionId, published);
  }

  #allow(sessionId: string, shown: Shown, isAllowed: boolean): void {
    if (shown.view === 'shown' && !isAllowed) this.#options.view.forgetLast(sessionId);
    // The last minute must not show what the policy forbade.
    if (shown.view === 'hidden' && isAllowed && shown.reading !== null) shown.reading.minute = emptyMinute;
    shown.view = isAllowed ? 'shown' : 'hidden';
    const { early } = shown;
    shown.early = null;
    if (isAllowed && early !== null && shown.connections > 0) this.#show(sessionId, shown, [early], early);
  }

  #addSummary(sessionId: string, shown: Shown, frame: LiveFrame | undefined): void {
    const { coverageOf, now } = this.#options;
    if (frame === undefined || now() - shown.summarySentMs < summaryEveryMs) return;
    const coverage = coverageOf(sessionId);
    if (coverage !== null) frame.coverage = coverage;
    if (shown.reading !== null) frame.recent = { until: shown.shownMs, cells: shown.reading.minute.cells };
    shown.summarySentMs = now();
  }

  /**
   * Name and policy come from the records. While these are unavailable, the student is listed by id and nothing is
   * shown, until they answer.
   */
  async #lookUp({ sessionId, examId, memberId }: Session, shown: Shown): Promise<void> {
    const { exams, view } = this.#options;
    const isConnected = (): boolean => shown.connections > 0;
    const lookUp = (shown.lookUps += 1);
    await this.#gate.pass();
    const policy = await untilAnswered(() => exams.policyOf(examId), isConnected);
    if (policy !== null && lookUp === shown.lookUps) this.#allow(sessionId, shown, policy.live_view !== 'none');
    if (examId === null || memberId === null) return;
    const name = await untilAnswered(() => exams.nameOf(examId, memberId), isConnected);
    if (name !== null && isConnected()) view.rename(sessionId, name);
  }
}
