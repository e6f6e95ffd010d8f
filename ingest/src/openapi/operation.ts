import type * as v from 'valibot';
import type { ProblemCode } from '@invigil/protocol/channels';
import type { Action } from '../auth/access-table.ts';

/** What an operation answers when it did what was asked. */
export interface Answer {
  description: string;
  /** Null: no body, or one that is not JSON. */
  schema: v.GenericSchema | null;
  /** What else than JSON it may be, for a request that asks for it. */
  otherTypes?: readonly string[];
  headers?: Readonly<Record<string, string>>;
}

/** One route of the server as it is described, and held to. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete';
  /** With `{…}` for its parameters. */
  path: string;
  /** What it is called in the generated client. */
  id: string;
  tag: string;
  summary: string;
  /** More, in Markdown. */
  description?: string;
  /** The row of the table of who may do what. */
  action: Action;
  query?: Readonly<Record<string, QueryParameter>>;
  body?: v.GenericSchema;
  answers: Readonly<Record<number, Answer>>;
  /** Beside those that any operation of its kind may have, see `problemsOf`. */
  problems?: readonly ProblemCode[];
}

export interface QueryParameter {
  schema: v.GenericSchema;
  description: string;
  required?: boolean;
}

export const parametersOf = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== undefined);

/** Open pages answer everybody; whatever else there is asks for a token. */
export const isOpen = ({ action }: Pick<Operation, 'action'>): boolean => action === 'server.look';

/** Every problem that the operation may answer. */
export const problemsOf = (operation: Operation): ProblemCode[] => {
  const codes: ProblemCode[] = [...(operation.problems ?? [])];
  // Another web origin, or without tokens another host, is denied whatever it asks for.
  codes.push('ACCESS_DENIED');
  if (!isOpen(operation)) codes.push('AUTH_FAILED', 'INVALID_MESSAGE', 'STORE_UNAVAILABLE', 'RATE_EXCEEDED');
  if (operation.body !== undefined) codes.push('BAD_JSON', 'INVALID_MESSAGE', 'MESSAGE_TOO_BIG');
  if (parametersOf(operation.path).length > 0 || operation.query !== undefined)
    codes.push('INVALID_MESSAGE', 'BAD_JSON');
  codes.push('INTERNAL');
  return [...new Set(codes)];
};

/** The operation's answer has no body. */
export const nothing = (description: string): Answer => ({ description, schema: null });
