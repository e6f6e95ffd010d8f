import * as v from 'valibot';
import { limits } from './limits.ts';

/**
 * Identifiers from outside: letters, digits, `_ - . ~ @`, not starting with a dot. They become Redis keys, file names and URL
 * parts unchanged, so nothing that separates those is allowed (`: / \ %`, white space).
 */
export const IdSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(limits.idLength),
  v.regex(/^[A-Za-z0-9_~@-][A-Za-z0-9_.~@-]*$/, 'letters, digits and _ - . ~ @ only, not starting with a dot'),
);

export const isId = (value: unknown): value is string => v.is(IdSchema, value);
