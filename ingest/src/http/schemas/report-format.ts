import { HttpProblem } from '../problems/http-problem.ts';

export const REPORT_FORMATS = ['json', 'sd', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The `format` of a query; JSON if it is absent. */
export const reportFormatOf = (value: unknown): ReportFormat => {
  const format = REPORT_FORMATS.find((known) => known === (value ?? 'json'));
  if (format !== undefined) return format;
  throw new HttpProblem('INVALID_MESSAGE', `must be one of ${REPORT_FORMATS.join(', ')}`, { field: 'format' });
};
