import type * as v from 'valibot';
import type { ProblemCode } from '@invigil/protocol/channels';
import type { Action } from '../auth/access-table.ts';

/** A successful response of an operation. */
export interface Answer {
  description: string;
  /** Null: no body, or one that is not JSON. */
  schema: v.GenericSchema | null;
  /** Other media types that a request may ask for. */
  otherTypes?: readonly string[];
  headers?: Readonly<Record<string, string>>;
}

/** The description of one route; tests check that the server matches it. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Path, with `{…}` for parameters. */
  path: string;
  /** The method's name in the generated client. */
  id: string;
  tag: string;
  summary: string;
  /** Details, in Markdown. */
  description?: string;
  /** The operation's row in the access table. */
  action: Action;
  query?: Readonly<Record<string, QueryParameter>>;
  body?: v.GenericSchema;
  answers: Readonly<Record<number, Answer>>;
  /** In addition to the problems that every operation of its kind has, see `problemsOf`. */
  problems?: readonly ProblemCode[];
}

export interface QueryParameter {
  schema: v.GenericSchema;
  description: string;
  required?: boolean;
}

export const parametersOf = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== undefined);

/** Public operations need no token; all others do. */
export const isPublic = ({ action }: Pick<Operation, 'action'>): boolean =>
  action === 'server.look' || action === 'camera.join';

/** Every problem that the operation may return. */
export const problemsOf = (operation: Operation): ProblemCode[] => {
  const codes: ProblemCode[] = [...(operation.problems ?? [])];
  // Foreign web origins are denied everywhere and, without tokens, so are foreign hosts.
  codes.push('ACCESS_DENIED');
  if (!isPublic(operation)) codes.push('AUTH_FAILED', 'INVALID_MESSAGE', 'STORE_UNAVAILABLE', 'RATE_EXCEEDED');
  if (operation.body !== undefined) codes.push('BAD_JSON', 'INVALID_MESSAGE', 'MESSAGE_TOO_BIG');
  if (parametersOf(operation.path).length > 0 || operation.query !== undefined)
    codes.push('INVALID_MESSAGE', 'BAD_JSON');
  codes.push('INTERNAL');
  return [...new Set(codes)];
};

/** The operation's response has no body. */
export const nothing = (description: string): Answer => ({ description, schema: null });
