import { csvLine } from './csv-line.ts';
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
 * A report's observations as CSV (RFC 4180): one header line, lines end with CRLF. `measured` is a JSON object.
 *
 * @example
 * observationsCsv(report).split('\r\n')[0]; // 'session_id,id,type,from_s,…'
 */
export const observationsCsv = (report: Report): string => {
  const lines = report.observations.map((observation) =>
    csvLine([
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
    ]),
  );
  return [columns.join(','), ...lines, ''].join('\r\n');
};
