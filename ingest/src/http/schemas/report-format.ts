import { HttpProblem } from '../problems/http-problem.ts';

export const reportFormats = ['json', 'sd', 'csv'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The `format` of a query; JSON if it is absent. */
export const reportFormatOf = (value: unknown): ReportFormat => {
  const format = reportFormats.find((known) => known === (value ?? 'json'));
  if (format !== undefined) return format;
  throw new HttpProblem('INVALID_MESSAGE', `must be one of ${reportFormats.join(', ')}`, { field: 'format' });
};
