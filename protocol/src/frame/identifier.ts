import * as v from 'valibot';
import { limits } from './limits.ts';

/**
 * An identifier from outside: 1–128 letters, digits or `_ - . ~ @`, not starting with a dot. Identifiers are used
 * unchanged in Redis keys, file names and URLs, so none of the separators of those is allowed (`: / \ %`, white space).
 */
export const IdSchema = v.pipe(
  v.string(),
  v.minLength(1, 'an identifier must not be empty'),
  v.maxLength(limits.idLength, `an identifier has at most ${limits.idLength} characters`),
  v.regex(
    /^[A-Za-z0-9_~@-][A-Za-z0-9_.~@-]*$/,
    'an identifier may contain only letters, digits and _ - . ~ @, and must not start with a dot',
  ),
);

/**
 * Whether a value is a valid identifier.
 *
 * @example
 * isId('student-42'); // true
 * isId('../etc/passwd'); // false
 */
export const isId = (value: unknown): value is string => v.is(IdSchema, value);
