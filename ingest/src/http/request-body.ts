import type { Request } from 'express';
import * as v from 'valibot';
import { HttpProblem } from './problem-answer.ts';

/** The body as the schema reads it; the first thing wrong with it is a problem that names the field. */
export const bodyOf = <Schema extends v.GenericSchema>(schema: Schema, request: Request): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, request.body ?? {});
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  throw new HttpProblem('INVALID_MESSAGE', issue.message.slice(0, 300), field === null ? {} : { field });
};
