import { signal } from '@preact/signals';
import { endSession } from '../../api/session-api.ts';
import { rememberEnded } from './ended-here.ts';

/** Time to undo, instead of a question before each end. */
export const undoS = 5;

export type PendingEnd = { state: 'counting'; secondsLeft: number } | { state: 'ending' | 'ended' | 'failed' };

/** Sessions that the proctor ends. They end even if the student's panel is closed meanwhile. */
export class PendingEnds {
  readonly states = signal<ReadonlyMap<string, PendingEnd>>(new Map());
  readonly #timers = new Map<string, ReturnType<typeof setInterval>>();

  /** An unmounted page closes its parts itself; a closed tab, a reload or a link to another page does not. */
  readonly #onPageHide = (): void => this.close();

  start(sessionId: string): void {
    if (this.#timers.has(sessionId)) return;
    addEventListener('pagehide', this.#onPageHide);
    let secondsLeft = undoS;
    this.#set(sessionId, { state: 'counting', secondsLeft });
    const tick = (): void => {
      secondsLeft -= 1;
      if (secondsLeft > 0) return this.#set(sessionId, { state: 'counting', secondsLeft });
      this.#stop(sessionId);
      void this.#end(sessionId);
    };
    this.#timers.set(sessionId, setInterval(tick, 1000));
  }

  undo(sessionId: string): void {
    if (!this.#timers.has(sessionId)) return;
    this.#stop(sessionId);
    const states = new Map(this.states.peek());
    states.delete(sessionId);
    this.states.value = states;
  }

  /** Sessions whose end was not undone end now, because the page closes. */
  close(): void {
    removeEventListener('pagehide', this.#onPageHide);
    for (const sessionId of this.#timers.keys()) {
      this.#stop(sessionId);
      void this.#end(sessionId);
    }
  }

  async #end(sessionId: string): Promise<void> {
    this.#set(sessionId, { state: 'ending' });
    const { ok } = await endSession(sessionId);
    if (ok) rememberEnded(sessionId);
    this.#set(sessionId, { state: ok ? 'ended' : 'failed' });
  }

  #stop(sessionId: string): void {
    clearInterval(this.#timers.get(sessionId));
    this.#timers.delete(sessionId);
  }

  #set(sessionId: string, state: PendingEnd): void {
    this.states.value = new Map([...this.states.peek(), [sessionId, state]]);
  }
}
