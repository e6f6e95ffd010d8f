import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { compareFrames, observationsOf } from '@invigil/protocol/report';
import type { SessionState } from '@invigil/protocol/report';
import type { RuleEvent } from '@invigil/protocol/rules';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { Logger } from 'pino';
import { isSameRules, ruleSetOf } from './analysis-rules.ts';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { messagesBefore, startPosition } from '../frames/frame-store.ts';
import { isNextFrame, stepAnalysis, stepGroup } from './analysis-state.ts';
import type { AnalysisState } from './analysis-state.ts';
import { copyAnalysis, overwriteAnalysis } from './kept-analysis.ts';
import { trim } from './live-session.ts';
import type { LoadedAnalysis, Loading, Ready } from './live-session.ts';
import { SlicePace, TimeSlice } from '../time/time-slice.ts';

type SessionEvidence = NonNullable<SessionState['evidence']>;

export interface ObservationEvent extends RuleEvent {
  sessionId: string;
}

export interface LiveAnalysisOptions {
  load(sessionId: string): Promise<LoadedAnalysis>;
  log: Logger;
  now: () => number;
}

/** Late frames arrive in bursts (a backlog); one reload serves them all. */
const gatherLateMs = 1000;
/** A reload waits for this multiple of the last load's duration, so that late frames cost at most a twentieth of a core per session. */
const restPerLoad = 19;
/** Pending frames beyond this are dropped here; the next load reads them from the store. Two messages of the maximum size. */
const maxPending = 1000;
/** A larger message is analysed in slices, with other work in between; a frame takes about 0.03 ms. */
const framesAtOnce = 50;
/** The rests of a large message: between two slices as a multiple of a slice, and before the first one, after the work of storing it. */
const [restPerWork, restAfterStoringMs] = [2, 10];
/** A session without frames for this long is removed from memory. The event of its end may have been lost on the bus. */
const quietMs = 600_000;

/**
 * The running analysis of each session whose frames are stored here, one step per frame. Emits an event when an observation opens or
 * closes; its state becomes the checkpoint and the report.
 *
 * A session that comes from another replica continues from the stores; late frames cause a reload, so that they are analysed in order.
 * In both cases all observations are emitted again as `opened`, because this replica cannot know which were emitted before: listeners
 * recognise an observation by its id.
 */
export class LiveAnalysis {
  readonly #options: LiveAnalysisOptions;
  readonly #sessions = new Map<string, Loading | Ready>();
  readonly #events = new EventEmitter<{ observation: [ObservationEvent] }>();
  #searchedMs = -Infinity;

  constructor(options: LiveAnalysisOptions) {
    this.#options = options;
  }

  onObservation(listener: (event: ObservationEvent) => void): void {
    this.#events.on('observation', listener);
  }

  /** Resolves when a loaded session's frames were analysed. @param group newly stored frames, exactly as the store holds them */
  async stored(sessionId: string, group: ArrivalGroup): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return this.#load(sessionId);
    if (session.state === 'ready') {
      session.storedMs = this.#options.now();
      this.#step(sessionId, session, group);
      return await session.queue?.done;
    }
    if (session.pendingFrames + group.frames.length > maxPending) return;
    session.pending.push(group);
    session.pendingFrames += group.frames.length;
  }

  /** The analysis of the session's frames so far, as a copy. Null if it is not in memory, or its lists were trimmed. */
  find(sessionId: string): LoadedAnalysis | null {
    const session = this.#sessions.get(sessionId);
    if (session?.state !== 'ready' || session.isTrimmed) return null;
    const { rules, revision, folded } = session;
    return { rules, revision, folded: copyAnalysis(folded) };
  }

  /** The evidence of the session's frames so far, if it is in memory and its rules keep any. It changes with the next message. */
  evidenceOf(sessionId: string): SessionEvidence | null {
    const session = this.#sessions.get(sessionId);
    return session?.state === 'ready' ? (session.folded.state.evidence ?? null) : null;
  }

  /** Resolves when the session's load has settled, whether it succeeded or failed, and the frames stored so far were analysed. */
  async loaded(sessionId: string): Promise<void> {
    const loading = this.#sessions.get(sessionId);
    if (loading?.state === 'loading') await loading.done;
    const session = this.#sessions.get(sessionId);
    if (session?.state === 'ready') await session.queue?.done;
  }

  /** Call after a checkpoint of the session was saved. If it used other rules, the next frame reloads the session. */
  checkpointed(sessionId: string, { rules, revision }: Pick<LoadedAnalysis, 'rules' | 'revision'>): void {
    const session = this.#sessions.get(sessionId);
    if (session?.state !== 'ready') return;
    if (isSameRules(session.rules, rules)) session.revision = revision;
    else this.forget(sessionId);
  }

  /** Sessions in memory. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Frames of sessions that are being loaded. */
  pending(): { size: number; capacity: number } {
    const loading = [...this.#sessions.values()].filter((session) => session.state === 'loading');
    return {
      size: loading.reduce((sum, { pendingFrames }) => sum + pendingFrames, 0),
      capacity: loading.length * maxPending,
    };
  }

  /** Removes the session from memory. Its next frame loads it again. */
  forget(sessionId: string): void {
    const session = this.#sessions.get(sessionId);
    if (session?.state === 'ready' && session.reload !== null) clearTimeout(session.reload);
    this.#sessions.delete(sessionId);
  }

  #load(sessionId: string): void {
    this.forget(sessionId);
    this.#forgetQuiet();
    const loading: Loading = { state: 'loading', pending: [], pendingFrames: 0, done: Promise.resolve() };
    this.#sessions.set(sessionId, loading);
    loading.done = this.#finishLoading(sessionId, loading);
  }

  async #finishLoading(sessionId: string, loading: Loading): Promise<void> {
    let loaded: LoadedAnalysis;
    const startedMs = performance.now();
    try {
      loaded = await this.#options.load(sessionId);
    } catch (error) {
      // The next frame tries again and finds everything that was missed.
      this.#options.log.warn({ event: 'watch.recall_failed', session_id: sessionId, error });
      if (this.#sessions.get(sessionId) === loading) this.#sessions.delete(sessionId);
      return;
    }
    if (this.#sessions.get(sessionId) !== loading) return;
    const set = ruleSetOf(loaded.rules);
    const ready: Ready = {
      ...loaded,
      folded: copyAnalysis(loaded.folded),
      state: 'ready',
      set,
      isTrimmed: false,
      storedMs: this.#options.now(),
      receivedMs: null,
      loadMs: performance.now() - startedMs,
      reload: null,
      queue: null,
    };
    trim(ready);
    this.#sessions.set(sessionId, ready);
    const { state } = loaded.folded;
    for (const observation of observationsOf(state, set)) this.#emit({ sessionId, event: 'opened', observation });
    for (const observation of state.observations) this.#emit({ sessionId, event: 'closed', observation });
    if (loaded.folded.arrived !== undefined) return this.#analyse(sessionId, ready, loading.pending);
    // Pending frames up to the last loaded one are in the loaded analysis. Older ones after it may be missing from it: they count as late.
    const last = loaded.folded.last?.frame_id;
    const pending = loading.pending.flatMap(({ frames }) => frames);
    const lastLoaded = pending.findIndex(({ frame_id }) => frame_id === last);
    this.#stepByTime(sessionId, ready, pending.slice(lastLoaded + 1));
  }

  /** Scans every session, so it runs at most once a minute: a returning crowd loads thousands. */
  #forgetQuiet(): void {
    const nowMs = this.#options.now();
    if (nowMs - this.#searchedMs < quietMs / 10) return;
    this.#searchedMs = nowMs;
    for (const [sessionId, session] of this.#sessions) {
      if (session.state === 'ready' && session.reload === null && session.storedMs < nowMs - quietMs) {
        this.#sessions.delete(sessionId);
      }
    }
  }

  #step(sessionId: string, session: Ready, group: ArrivalGroup): void {
    if (session.folded.arrived === undefined) this.#stepByTime(sessionId, session, group.frames);
    else this.#stepArrived(sessionId, session, group);
  }

  /** For rules that analyse in order of arrival. */
  #stepArrived(sessionId: string, session: Ready, group: ArrivalGroup): void {
    if (session.queue !== null) return this.#wait(sessionId, session.queue, group);
    if (!this.#isNextGroup(sessionId, session, group)) return;
    if (group.frames.length > framesAtOnce) return this.#analyse(sessionId, session, [group]);
    const [folded, events] = stepGroup(session.folded, group, session.set);
    this.#advance(sessionId, session, folded, events);
  }

  #advance(sessionId: string, session: Ready, folded: AnalysisState, events: readonly RuleEvent[]): void {
    overwriteAnalysis(session.folded, folded);
    trim(session);
    for (const event of events) this.#emit({ sessionId, ...event });
  }

  /**
   * False for a message that was analysed before. Reloads from the store if another replica stored a message in between, or if the store lost
   * some: then a new message takes the place of one that was analysed, with a later receipt.
   */
  #isNextGroup(sessionId: string, session: Ready, { frames, position }: ArrivalGroup): boolean {
    const ahead = messagesBefore(position) - messagesBefore(session.folded.arrived?.position ?? startPosition);
    const receivedMs = frames[0]?.received_at ?? null;
    const isNewer = receivedMs !== null && session.receivedMs !== null && receivedMs > session.receivedMs;
    if (ahead > 1 || (ahead < 1 && isNewer)) this.#load(sessionId);
    if (ahead === 1) session.receivedMs = receivedMs ?? session.receivedMs;
    return ahead === 1;
  }

  #analyse(sessionId: string, session: Ready, groups: ArrivalGroup[]): void {
    const frames = groups.reduce((sum, group) => sum + group.frames.length, 0);
    const queue = { groups, frames, done: Promise.resolve() };
    session.queue = queue;
    queue.done = this.#analyseInSlices(sessionId, session, queue);
  }

  #wait(sessionId: string, queue: NonNullable<Ready['queue']>, group: ArrivalGroup): void {
    queue.frames += group.frames.length;
    if (queue.frames > maxPending) return this.#load(sessionId);
    queue.groups.push(group);
  }

  /** The state changes once per message, so that nobody sees half of one. */
  async #analyseInSlices(sessionId: string, session: Ready, queue: NonNullable<Ready['queue']>): Promise<void> {
    const { groups } = queue;
    const isCurrent = (): boolean => this.#sessions.get(sessionId) === session;
    await delay(restAfterStoringMs);
    const slice = new TimeSlice({ restPerWork, pace: new SlicePace() });
    for (let group = groups.shift(); group !== undefined && isCurrent(); group = groups.shift()) {
      if (!this.#isNextGroup(sessionId, session, group)) continue;
      let { folded } = session;
      for (const frame of group.frames) {
        const [next, events] = stepAnalysis(folded, frame, session.set);
        folded = next;
        for (const event of events) this.#emit({ sessionId, ...event });
        if (slice.isOver()) await slice.next();
        if (!isCurrent()) return;
      }
      [folded] = stepGroup(folded, { frames: [], position: group.position }, session.set);
      this.#advance(sessionId, session, folded, []);
      queue.frames -= group.frames.length;
    }
    session.queue = null;
  }

  #stepByTime(sessionId: string, session: Ready, frames: readonly StoredFrame[]): void {
    for (const frame of frames.length > 1 ? frames.toSorted(compareFrames) : frames) {
      const { last } = session.folded;
      if (last !== null && frame.timestamp <= last.timestamp) {
        const waitMs = Math.max(gatherLateMs, session.loadMs * restPerLoad);
        session.reload ??= setTimeout(() => this.#load(sessionId), waitMs).unref();
        continue;
      }
      // Frames in between were stored by another replica (requests alternate). Without them the observations would differ.
      if (!isNextFrame(frame, last)) return this.#load(sessionId);
      const [folded, events] = stepAnalysis(session.folded, frame, session.set);
      this.#advance(sessionId, session, folded, events);
    }
  }

  #emit(event: ObservationEvent): void {
    this.#events.emit('observation', event);
  }
}
