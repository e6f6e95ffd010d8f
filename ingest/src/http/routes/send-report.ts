import type { Response } from 'express';
import { observationsCsv, sdReport } from '@invigil/protocol/report';
import type { Report } from '@invigil/protocol/report';
import type { ReportFormat } from '../schemas/report-format.ts';

/** A report as JSON text with its version, which is null while the session runs. */
export interface ReportText {
  text: string;
  version: number | null;
}

/** Sends a report in the requested format. */
export const sendReport = (response: Response, { text, version }: ReportText, format: ReportFormat): void => {
  if (version !== null) response.set('Report-Version', String(version));
  response.set('Cache-Control', 'no-store');
  if (format === 'json') return void response.type('json').send(text);
  const report = JSON.parse(text) as Report;
  if (format === 'sd') return void response.json(sdReport(report));
  response.attachment(`${report.session.session_id}_observations.csv`);
  response.type('text/csv').send(observationsCsv(report));
};
