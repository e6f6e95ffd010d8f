import { EventEmitter } from 'node:events';
import { compareFrames, observationsOf } from '@invigil/protocol/report';
import type { SessionState } from '@invigil/protocol/report';
import type { RuleEvent, RuleSet } from '@invigil/protocol/rules';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { Logger } from 'pino';
import { isSameRules, ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { startPosition } from '../frames/frame-store.ts';
import type { ArrivalPosition } from '../frames/frame-store.ts';
import { stepAnalysis, stepGroup } from './analysis-state.ts';
import type { AnalysisState, FramePosition } from './analysis-state.ts';

type SessionEvidence = NonNullable<SessionState['evidence']>;

export interface ObservationEvent extends RuleEvent {
  sessionId: string;
}

/** A session's analysis as loaded from the stores. */
export interface LoadedAnalysis {
  folded: AnalysisState;
  rules: AnalysisRules;
  /** Revision of the stored checkpoint; 0 if there is none. */
  revision: number;
}

export interface LiveAnalysisOptions {
  load(sessionId: string): Promise<LoadedAnalysis>;
  log: Logger;
  now: () => number;
}

interface Loading {
  state: 'loading';
  /** Messages stored during the load; the loaded analysis may or may not include them. */
  pending: ArrivalGroup[];
  pendingFrames: number;
  done: Promise<void>;
}

interface Ready extends LoadedAnalysis {
  state: 'ready';
  set: RuleSet;
  /** Lists of closed observations and violations were dropped because they exceeded `maxListed`; the rest is exact. */
  isTrimmed: boolean;
  /** When frames of the session were last stored here, server clock. */
  storedMs: number;
  /** How long the last load took. */
  loadMs: number;
  /** Timer set after a late frame, to load the session again. */
  reload: NodeJS.Timeout | null;
}

/** Late frames arrive in bursts (a backlog); one reload serves them all. */
const gatherLateMs = 1000;
/** A reload waits for this multiple of the last load's duration, so that late frames cost at most a twentieth of a core per session. */
const restPerLoad = 19;
/**
 * Pending frames beyond this are dropped here; the next load reads them from the store. They are analysed in one turn of the event
 * loop, at about 0.03 ms each.
 */
const maxPending = 300;
/** A session without frames for this long is removed from memory. The event that announces its end may have been lost on the bus. */
const quietMs = 600_000;
/** Closed observations and violations kept in memory per session, about 0.5 kB each. */
const maxListed = 500;

/**
 * The running analysis of each session whose frames are stored here: one step of the rules per frame. Emits an event when an
 * observation opens or closes, and its state becomes the checkpoint and the report.
 *
 * A session that comes from another replica continues from the stores; late frames cause a reload, so that they are analysed in order.
 * In both cases all observations are emitted again as `opened`, because this replica cannot know which were emitted before: listeners
 * recognise an observation by its id.
 */
export class LiveAnalysis {
  readonly #options: LiveAnalysisOptions;
  readonly #sessions = new Map<string, Loading | Ready>();
  readonly #events = new EventEmitter<{ observation: [ObservationEvent] }>();

  constructor(options: LiveAnalysisOptions) {
    this.#options = options;
  }

  onObservation(listener: (event: ObservationEvent) => void): void {
    this.#events.on('observation', listener);
  }

  /** @param group newly stored frames, exactly as the store holds them */
  stored(sessionId: string, group: ArrivalGroup): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return this.#load(sessionId);
    if (session.state === 'ready') {
      session.storedMs = this.#options.now();
      return this.#step(sessionId, session, group);
    }
    if (session.pendingFrames + group.frames.length > maxPending) return;
    session.pending.push(group);
    session.pendingFrames += group.frames.length;
  }

  /** The analysis of the session's frames so far. Null if it is not in memory, or its lists were trimmed. */
  find(sessionId: string): LoadedAnalysis | null {
    const session = this.#sessions.get(sessionId);
    return session?.state === 'ready' && !session.isTrimmed ? session : null;
  }

  /** The evidence of the session's frames so far, if it is in memory and its rules keep any. */
  evidenceOf(sessionId: string): SessionEvidence | null {
    const session = this.#sessions.get(sessionId);
    return session?.state === 'ready' ? (session.folded.state.evidence ?? null) : null;
  }

  /** Resolves when the session's load has settled, whether it succeeded or failed. */
  async loaded(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session?.state === 'loading') await session.done;
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
      state: 'ready',
      set,
      isTrimmed: false,
      storedMs: this.#options.now(),
      loadMs: performance.now() - startedMs,
      reload: null,
    };
    trim(ready);
    this.#sessions.set(sessionId, ready);
    for (const observation of observationsOf(loaded.folded.state, set)) {
      this.#emit({ sessionId, event: 'opened', observation });
    }
    if (loaded.folded.arrived !== undefined) {
      for (const group of loading.pending) {
        if (this.#sessions.get(sessionId) === ready) this.#stepArrived(sessionId, ready, group);
      }
      return;
    }
    // Pending frames up to the last loaded one are in the loaded analysis. Older ones after it may be missing from it: they count as late.
    const last = loaded.folded.last?.frame_id;
    const pending = loading.pending.flatMap(({ frames }) => frames);
    const lastLoaded = pending.findIndex(({ frame_id }) => frame_id === last);
    this.#stepByTime(sessionId, ready, pending.slice(lastLoaded + 1));
  }

  #forgetQuiet(): void {
    const quietSinceMs = this.#options.now() - quietMs;
    for (const [sessionId, session] of this.#sessions) {
      if (session.state === 'ready' && session.reload === null && session.storedMs < quietSinceMs) {
        this.#sessions.delete(sessionId);
      }
    }
  }

  #step(sessionId: string, session: Ready, group: ArrivalGroup): void {
    if (session.folded.arrived === undefined) this.#stepByTime(sessionId, session, group.frames);
    else this.#stepArrived(sessionId, session, group);
  }

  /** For rules that analyse in order of arrival. If another replica stored a message in between, reloads from the store. */
  #stepArrived(sessionId: string, session: Ready, group: ArrivalGroup): void {
    const ahead = countOf(group.position) - countOf(session.folded.arrived?.position ?? startPosition);
    if (ahead <= 0) return;
    if (ahead > 1) return this.#load(sessionId);
    const [folded, events] = stepGroup(session.folded, group, session.set);
    session.folded = folded;
    trim(session);
    for (const event of events) this.#emit({ sessionId, ...event });
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
      if (!isNext(frame, last)) return this.#load(sessionId);
      const [folded, events] = stepAnalysis(session.folded, frame, session.set);
      session.folded = folded;
      trim(session);
      for (const event of events) this.#emit({ sessionId, ...event });
    }
  }

  #emit(event: ObservationEvent): void {
    this.#events.emit('observation', event);
  }
}

const countOf = ({ links, unnumbered }: ArrivalPosition): number => links + unnumbered;

/** Client numbers and server numbers (`srv-…`) are separate sequences. */
const isOfClient = ({ frame_id, seq }: FramePosition): boolean => frame_id === String(seq);
const isNext = (frame: FramePosition, last: FramePosition | null): boolean =>
  last === null || isOfClient(last) !== isOfClient(frame) || frame.seq <= last.seq + 1;

/** Drops lists that are too long to keep in memory. They can be rebuilt from checkpoint and frames. */
const trim = (session: Ready): void => {
  const { state } = session.folded;
  if (state.observations.length + state.violations.length <= maxListed) return;
  session.isTrimmed = true;
  session.folded = { ...session.folded, state: { ...state, observations: [], violations: [] } };
};
