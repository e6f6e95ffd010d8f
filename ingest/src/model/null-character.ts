/** Whether a value of JSON contains U+0000 in a text, which Postgres cannot store. */
export const hasNullCharacter = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : typeof value === 'object' && value !== null && Object.values(value).some(hasNullCharacter);
