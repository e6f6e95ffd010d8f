import { HttpProblem } from '../problems/http-problem.ts';

/** The query's report version; null for the newest. */
export const reportVersionOf = (value: unknown): number | null => {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new HttpProblem('INVALID_MESSAGE', 'must be a positive integer', { field: 'version' });
};
