import type { Request } from 'express';

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (request: Request): Fields => (request.body ?? {}) as Fields;

/** Null for a missing field, one that was sent several times, or one with U+0000, which Postgres cannot store or compare. */
export const textOf = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' && !value.includes('\0') ? value : null;
};
