import { askTicket } from './session-ticket.ts';
import type { SessionTicket } from './session-ticket.ts';
import { resumeFlag } from './resume-flag.ts';

export interface ContinuationHost {
  /** The page's function that names the session, or null if the attribute does. */
  source(): (() => Promise<SessionTicket>) | null;
  sessionId(): string | null;
  /** Whether the element is in the page and shows the consent. */
  mayContinue(): boolean;
  begin(): void;
  /** `isResuming` has changed. */
  changed(): void;
}

/**
 * The student agreed in this tab and the page was reloaded, discarded, or shows its next question: the session continues without a
 * click. Consent was given for one session, so another student's or another exam's asks again.
 */
export class Continuation {
  readonly #host: ContinuationHost;
  #ticket: SessionTicket | null = null;
  #isAsking = false;
  /** Whether this tab has run the session before. */
  isResuming = false;

  constructor(host: ContinuationHost) {
    this.#host = host;
  }

  /** Continues in the next task, so that the page can set its properties first. */
  soon(): void {
    this.isResuming = resumeFlag.get(this.#host.sessionId()) !== null;
    setTimeout(() => void this.#continue());
  }

  /** The session that the page has already named; a second call returns null. */
  takeTicket(): SessionTicket | null {
    const ticket = this.#ticket;
    this.#ticket = null;
    return ticket;
  }

  async #continue(): Promise<void> {
    const source = this.#host.source();
    if (!this.#host.mayContinue() || this.#isAsking) return;
    if (source === null) {
      if (resumeFlag.get(this.#host.sessionId()) === 'running') this.#host.begin();
    } else if (resumeFlag.isAnyRunning()) {
      this.#isAsking = true;
      await this.#continueNamed(source);
      this.#isAsking = false;
    }
  }

  async #continueNamed(source: () => Promise<SessionTicket>): Promise<void> {
    try {
      const ticket = await askTicket(source);
      const state = resumeFlag.get(ticket.sessionId);
      this.isResuming = state !== null;
      this.#host.changed();
      if (state !== 'running' || !this.#host.mayContinue()) return;
      this.#ticket = ticket;
      this.#host.begin();
    } catch {
      // The student can start the session manually, and then sees why the page could not name one.
    }
  }
}
