/**
 * Quotes as in RFC 4180. Text with a leading `= + - @` gets an apostrophe, so that no spreadsheet runs it as a formula. So does text
 * that has such apostrophes already: without its first apostrophe, each marked field is the original text again.
 */
const field = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * One line of CSV (RFC 4180) without its end. Null is an empty field.
 *
 * @example
 * csvLine(['ada', 3, null]); // 'ada,3,'
 */
export const csvLine = (values: readonly (string | number | null)[]): string => values.map(field).join(',');
