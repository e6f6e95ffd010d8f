/** A problem that `invigil doctor` found. */
export interface Finding {
  /** `error`: the server does not work, or loses data. `warning`: it works, but not as it should. */
  level: 'error' | 'warning';
  /** The setting or part at fault. */
  subject: string;
  problem: string;
  /** What to do, as an instruction. */
  action: string;
}

export const fault = (subject: string, problem: string, action: string): Finding => ({
  level: 'error',
  subject,
  problem,
  action,
});

export const warning = (subject: string, problem: string, action: string): Finding => ({
  level: 'warning',
  subject,
  problem,
  action,
});

/** A short reason for people. A driver's error code if it has one, because its message may contain a password. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  const { cause } = error;
  return cause instanceof Error ? reasonOf(cause) : error.name === 'TimeoutError' ? 'no answer in time' : error.message;
};
