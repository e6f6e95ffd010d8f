import type { Request } from 'express';
import * as v from 'valibot';
import { HttpProblem } from '../problems/http-problem.ts';

/** A message may quote the value. */
const maxMessageLength = 300;

/** Postgres cannot store U+0000. */
const hasNul = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : typeof value === 'object' && value !== null && Object.values(value).some(hasNul);

/** Parses the body with the schema. @throws HttpProblem INVALID_MESSAGE that names the first missing or invalid field */
export const bodyOf = <Schema extends v.GenericSchema>(schema: Schema, request: Request): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, request.body ?? {});
  if (parsed.success) {
    if (!hasNul(parsed.output)) return parsed.output;
    throw new HttpProblem('INVALID_MESSAGE', 'text must not contain the character U+0000');
  }
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  const problem = issue.input === undefined ? `is required: ${issue.expected ?? 'a value'}` : issue.message;
  throw new HttpProblem('INVALID_MESSAGE', problem.slice(0, maxMessageLength), field === null ? {} : { field });
};
