import type { Report } from './report.ts';

const columns = [
  'session_id',
  'id',
  'type',
  'from_s',
  'to_s',
  'duration_s',
  'confidence',
  'frames',
  'first_frame',
  'strongest_frame',
  'last_frame',
  'measured',
] as const;

/**
 * Quotes as in RFC 4180. Text with a leading `= + - @` gets an apostrophe, so that no spreadsheet runs it as a formula. So does text
 * that has such apostrophes already: without its first apostrophe, each marked field is the original text again.
 */
const field = (value: string | number): string => {
  if (typeof value === 'number') return String(value);
  const safe = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * A report's observations as CSV (RFC 4180): one header line, lines end with CRLF. `measured` is a JSON object.
 *
 * @example
 * observationsCsv(report).split('\r\n')[0]; // 'session_id,id,type,from_s,…'
 */
export const observationsCsv = (report: Report): string => {
  const lines = report.observations.map((observation) =>
    [
      report.session.session_id,
      observation.id,
      observation.type,
      observation.from_s,
      observation.to_s,
      observation.duration_s,
      observation.confidence,
      observation.frames,
      observation.evidence.first,
      observation.evidence.strongest,
      observation.evidence.last,
      JSON.stringify(observation.measured),
    ]
      .map(field)
      .join(','),
  );
  return [columns.join(','), ...lines, ''].join('\r\n');
};
