import { HttpProblem } from '../src/http/problems/http-problem.ts';

/** The problem that `read` throws. */
export const problemOf = (read: () => unknown): HttpProblem => {
  try {
    read();
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
