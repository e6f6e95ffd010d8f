import type { Response } from 'express';
import { observationsCsv, sdReport } from '@invigil/protocol/report';
import type { Report } from '@invigil/protocol/report';
import { HttpProblem } from '../middleware/answer-problems.ts';

export const REPORT_FORMATS = ['json', 'sd', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const reportFormatOf = (value: unknown): ReportFormat => {
  const format = REPORT_FORMATS.find((known) => known === (value ?? 'json'));
  if (format !== undefined) return format;
  throw new HttpProblem('INVALID_MESSAGE', `one of ${REPORT_FORMATS.join(', ')}`, { field: 'format' });
};

/** A report as JSON text, with the version that it has; null while the session runs. */
export interface ReportText {
  text: string;
  version: number | null;
}

/** Sends a report in the form that was asked for. */
export const sendReport = (response: Response, { text, version }: ReportText, format: ReportFormat): void => {
  if (version !== null) response.set('Report-Version', String(version));
  response.set('Cache-Control', 'no-store');
  if (format === 'json') return void response.type('json').send(text);
  const report = JSON.parse(text) as Report;
  if (format === 'sd') return void response.json(sdReport(report));
  response.attachment(`${report.session.session_id}_observations.csv`);
  response.type('text/csv').send(observationsCsv(report));
};
