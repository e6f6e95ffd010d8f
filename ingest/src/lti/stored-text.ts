import * as v from 'valibot';

/** A text without the null character: Postgres cannot store it. A platform's signature does not mean that its users chose harmless texts. */
export const StoredTextSchema = v.pipe(
  v.string(),
  v.check((text) => !text.includes('\0'), 'contains a null character'),
);

/** The id of something at a platform. Its specifications allow 255 characters. */
export const PlatformIdSchema = v.pipe(StoredTextSchema, v.minLength(1), v.maxLength(255));

const maxTextLength = 200;

/** A text for people, such as a name, without null characters and shortened; null if nothing is left. */
export const shortText = (value: unknown): string | null =>
  typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, maxTextLength) || null : null;
