import { resumeSession } from './resume-session.ts';
import type { ResumeOptions } from './resume-session.ts';
import type { RunningSession } from './running-session.ts';
import type { ProctorState } from './state.ts';

interface ResumptionOptions extends Omit<ResumeOptions, 'running'> {
  setState: (state: ProctorState) => void;
}

type Resumable = Pick<RunningSession, 'endBreak' | 'isOnBreak' | 'regain'>;

/** Ends breaks, or tries parts again that the session runs without: one attempt at a time. */
export const createResumption = ({ setState, ...options }: ResumptionOptions) => {
  let current: Promise<void> | null = null;

  const attempt = async (running: Resumable): Promise<void> => {
    const resumed = await resumeSession({ ...options, running });
    if (resumed !== null) setState(resumed);
  };

  const resume = (running: Resumable): Promise<void> => {
    // A break that began while a missing part was tried ends after that.
    if (current !== null && running.isOnBreak) {
      return current.catch(() => undefined).then(() => (running.isOnBreak ? resume(running) : undefined));
    }
    current ??= attempt(running).finally(() => (current = null));
    return current;
  };

  return resume;
};
