import { EventEmitter } from 'node:events';
import { observationsOf, stepSession } from '@invigil/protocol/report';
import type { RuleEvent, RuleSet } from '@invigil/protocol/rules';
import type { SessionState } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { Logger } from 'pino';
import type { FramePosition } from './analysis-state.ts';

export interface ObservationNews extends RuleEvent {
  sessionId: string;
}

/** A session's analysis up to now, out of the store. */
export interface Recalled {
  state: SessionState;
  rules: RuleSet;
  /** The last frame in it, null when there is none. */
  last: FramePosition | null;
}

export interface ObservationWatchOptions {
  recall(sessionId: string): Promise<Recalled>;
  log: Logger;
  now: () => number;
}

interface Recalling {
  state: 'recalling';
  /** Stored meanwhile; what is recalled may have them, or not. */
  waiting: StoredFrame[];
}

interface Watching {
  state: 'watching';
  session: SessionState;
  rules: RuleSet;
  last: FramePosition | null;
  /** When frames of it were last stored here, server clock. */
  storedMs: number;
  /** Set when frames came late: then everything is recalled. */
  again: NodeJS.Timeout | null;
}

type Watched = Recalling | Watching;

/** Late frames come in rows (a backlog); they are looked at together. */
const gatherLateMs = 1000;
/** Beyond it what waits is left to the next recall. */
const maxWaiting = 10_000;
/** A session that is silent for so long is recalled if it goes on. News of its end may have been lost on the bus. */
const quietMs = 600_000;

/**
 * Runs the rules along with the frames as they are stored here, and says at once when an observation opens or closes. A session that
 * comes from another replica goes on where it was there; frames that arrive late are looked at in their order. In both cases what
 * is in the session already is told again as `opened`, because this replica cannot know what was told before: an observation is
 * known by its id.
 */
export class ObservationWatch {
  readonly #options: ObservationWatchOptions;
  readonly #sessions = new Map<string, Watched>();
  readonly #events = new EventEmitter<{ observation: [ObservationNews] }>();

  constructor(options: ObservationWatchOptions) {
    this.#options = options;
  }

  on(listener: (news: ObservationNews) => void): void {
    this.#events.on('observation', listener);
  }

  stored(sessionId: string, frames: readonly StoredFrame[]): void {
    const watched = this.#sessions.get(sessionId);
    if (watched === undefined) return void this.#recall(sessionId);
    if (watched.state === 'watching') {
      watched.storedMs = this.#options.now();
      return this.#step(sessionId, watched, frames);
    }
    if (watched.waiting.length + frames.length <= maxWaiting) watched.waiting.push(...frames);
  }

  /** Sessions that are remembered here. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Frames that wait until their session is recalled. */
  waiting(): { size: number; capacity: number } {
    const recalling = [...this.#sessions.values()].filter((watched) => watched.state === 'recalling');
    return {
      size: recalling.reduce((sum, { waiting }) => sum + waiting.length, 0),
      capacity: recalling.length * maxWaiting,
    };
  }

  forget(sessionId: string): void {
    const watched = this.#sessions.get(sessionId);
    if (watched?.state === 'watching' && watched.again !== null) clearTimeout(watched.again);
    this.#sessions.delete(sessionId);
  }

  async #recall(sessionId: string): Promise<void> {
    this.forget(sessionId);
    this.#forgetQuiet();
    const recalling: Recalling = { state: 'recalling', waiting: [] };
    this.#sessions.set(sessionId, recalling);
    let recalled: Recalled;
    try {
      recalled = await this.#options.recall(sessionId);
    } catch (error) {
      // The next frame tries again, and finds everything that is missed now.
      this.#options.log.warn({ event: 'watch.recall_failed', session_id: sessionId, error });
      if (this.#sessions.get(sessionId) === recalling) this.#sessions.delete(sessionId);
      return;
    }
    if (this.#sessions.get(sessionId) !== recalling) return;
    const { state, rules, last } = recalled;
    const watching: Watching = {
      state: 'watching',
      session: trimmed(state),
      rules,
      last,
      storedMs: this.#options.now(),
      again: null,
    };
    this.#sessions.set(sessionId, watching);
    for (const observation of observationsOf(state, rules)) this.#tell({ sessionId, event: 'opened', observation });
    // What was stored before the last one that was recalled, was recalled too. Of other older ones nobody knows: they count as late.
    const recalledLast = recalling.waiting.findIndex(({ frame_id }) => frame_id === last?.frame_id);
    this.#step(sessionId, watching, recalling.waiting.slice(recalledLast + 1));
  }

  #forgetQuiet(): void {
    const quietSinceMs = this.#options.now() - quietMs;
    for (const [sessionId, watched] of this.#sessions) {
      if (watched.state === 'watching' && watched.again === null && watched.storedMs < quietSinceMs) {
        this.#sessions.delete(sessionId);
      }
    }
  }

  #step(sessionId: string, watched: Watching, frames: readonly StoredFrame[]): void {
    for (const frame of frames.toSorted((a, b) => a.timestamp - b.timestamp)) {
      const { timestamp, seq, frame_id } = frame;
      if (watched.last !== null && timestamp <= watched.last.timestamp) {
        watched.again ??= setTimeout(() => void this.#recall(sessionId), gatherLateMs).unref();
        continue;
      }
      // What is between was stored by another replica: requests go now here and now there. Without it the observations would be others.
      if (!isNext(frame, watched.last)) return void this.#recall(sessionId);
      const [state, events] = stepSession(watched.session, frame, watched.rules);
      watched.session = trimmed(state);
      watched.last = { timestamp, seq, frame_id };
      for (const event of events) this.#tell({ sessionId, ...event });
    }
  }

  #tell(news: ObservationNews): void {
    this.#events.emit('observation', news);
  }
}

/** Clients' numbers and the server's own (`srv-…`) are counted apart. */
const isOfClient = ({ frame_id, seq }: FramePosition): boolean => frame_id === String(seq);
const isNext = (frame: FramePosition, last: FramePosition | null): boolean =>
  last === null || isOfClient(last) !== isOfClient(frame) || frame.seq <= last.seq + 1;

/** What is over can be read out of the frames; keeping it here would grow with the session. */
const trimmed = (state: SessionState): SessionState => ({ ...state, observations: [], violations: [] });
