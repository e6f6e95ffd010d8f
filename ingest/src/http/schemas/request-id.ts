import { isId } from '@invigil/protocol/frame';
import { HttpProblem } from '../problems/http-problem.ts';

/** An id from a path, query or body. It must be valid before it becomes part of a key, a file name or a query. */
export const idOf = (value: unknown, field: string): string => {
  if (isId(value)) return value;
  const problem = value === undefined ? 'is required: an id of' : 'must be an id:';
  throw new HttpProblem('INVALID_MESSAGE', `${problem} letters, digits and _ - . ~ @ only`, { field });
};
