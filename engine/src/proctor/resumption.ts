import { resumeSession } from './resume-session.ts';
import type { ResumeOptions } from './resume-session.ts';
import type { RunningSession } from './running-session.ts';
import type { ProctorState } from './state.ts';

interface ResumptionOptions extends Omit<ResumeOptions, 'running'> {
  setState: (state: ProctorState) => void;
}

type Resumable = Pick<RunningSession, 'endBreak' | 'isOnBreak' | 'regain'>;

/** Ends breaks, or tries parts again that the session runs without: one attempt at a time. */
export class Resumption {
  readonly #options: ResumptionOptions;
  #current: Promise<void> | null = null;

  constructor(options: ResumptionOptions) {
    this.#options = options;
  }

  resume(running: Resumable): Promise<void> {
    // A break that began while a missing part was tried ends after that.
    if (this.#current !== null && running.isOnBreak) {
      return this.#current.catch(() => undefined).then(() => (running.isOnBreak ? this.resume(running) : undefined));
    }
    this.#current ??= this.#attempt(running).finally(() => (this.#current = null));
    return this.#current;
  }

  async #attempt(running: Resumable): Promise<void> {
    const resumed = await resumeSession({ ...this.#options, running });
    if (resumed !== null) this.#options.setState(resumed);
  }
}
