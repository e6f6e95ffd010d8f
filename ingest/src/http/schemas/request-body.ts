import type { Request } from 'express';
import * as v from 'valibot';
import { HttpProblem } from '../problems/http-problem.ts';

/** Postgres keeps no text with it, and no text of a person has it. */
const hasNul = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : typeof value === 'object' && value !== null && Object.values(value).some(hasNul);

/** The body as the schema reads it; the first thing wrong with it is a problem that names the field. */
export const bodyOf = <Schema extends v.GenericSchema>(schema: Schema, request: Request): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, request.body ?? {});
  if (parsed.success) {
    if (!hasNul(parsed.output)) return parsed.output;
    throw new HttpProblem('INVALID_MESSAGE', 'text must not contain the character U+0000');
  }
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  throw new HttpProblem('INVALID_MESSAGE', issue.message.slice(0, 300), field === null ? {} : { field });
};
