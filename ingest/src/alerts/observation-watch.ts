import { EventEmitter } from 'node:events';
import { startSession, stepSession } from '@invigil/protocol';
import type { RuleEvent, SessionState, StoredFrame } from '@invigil/protocol';

export interface ObservationNews extends RuleEvent {
  sessionId: string;
}

interface Watched {
  state: SessionState;
  lastMs: number;
}

/**
 * Runs the rules along with the frames as they are stored here, and says at once when an observation opens or closes. Live only:
 * it steps over frames that arrive late or twice; the report folds all of them in their order.
 */
export class ObservationWatch {
  readonly #sessions = new Map<string, Watched>();
  readonly #events = new EventEmitter<{ observation: [ObservationNews] }>();

  on(listener: (news: ObservationNews) => void): void {
    this.#events.on('observation', listener);
  }

  stored(sessionId: string, frames: readonly StoredFrame[]): void {
    const watched = this.#sessions.get(sessionId) ?? { state: startSession(), lastMs: -1 };
    this.#sessions.set(sessionId, watched);
    for (const frame of frames.toSorted((a, b) => a.timestamp - b.timestamp)) {
      if (frame.timestamp <= watched.lastMs) continue;
      const [state, events] = stepSession(watched.state, frame);
      // What is over can be read out of the frames; keeping it here would grow with the session.
      watched.state = { ...state, observations: [], violations: [] };
      watched.lastMs = frame.timestamp;
      for (const event of events) this.#events.emit('observation', { sessionId, ...event });
    }
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }
}
