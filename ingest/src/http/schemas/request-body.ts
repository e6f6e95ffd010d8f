import type { Request } from 'express';
import * as v from 'valibot';
import { hasNullCharacter } from '../../model/null-character.ts';
import { HttpProblem } from '../problems/http-problem.ts';

/** A message may quote the value. */
const maxMessageLength = 300;

/** The body as an object; `{}` if the request has none. A body of another content type must not pass for an absent one. */
const objectOf = (request: Request): object => {
  const body: unknown = request.body;
  if (body === undefined) {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) return {};
    throw new HttpProblem('BAD_JSON', 'the body must be JSON; send Content-Type: application/json');
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw new HttpProblem('INVALID_MESSAGE', 'the body must be a JSON object');
};

/**
 * Parses the body with the schema.
 * @throws HttpProblem INVALID_MESSAGE that names the first missing or invalid field; BAD_JSON for a body that is not sent as JSON
 */
export const bodyOf = <Schema extends v.GenericSchema>(schema: Schema, request: Request): v.InferOutput<Schema> => {
  const parsed = v.safeParse(schema, objectOf(request));
  if (parsed.success) {
    if (!hasNullCharacter(parsed.output)) return parsed.output;
    throw new HttpProblem('INVALID_MESSAGE', 'text must not contain the character U+0000');
  }
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  const problem = issue.input === undefined ? `is required: ${issue.expected ?? 'a value'}` : issue.message;
  throw new HttpProblem('INVALID_MESSAGE', problem.slice(0, maxMessageLength), field === null ? {} : { field });
};
