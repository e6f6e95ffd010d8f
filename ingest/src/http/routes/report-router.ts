import { Router } from 'express';
import { riskWeightSets } from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import { HttpProblem } from '../problems/http-problem.ts';
import { reportFormatOf } from '../schemas/report-format.ts';
import { reportVersionOf } from '../schemas/report-version.ts';
import { ReportReading } from './report-reading.ts';
import type { ReportReadingOptions } from './report-reading.ts';
import { sendReport } from './send-report.ts';

const oneOf = (known: object, field: string, value: unknown): string | null => {
  if (value === undefined) return null;
  if (typeof value === 'string' && Object.hasOwn(known, value)) return value;
  throw new HttpProblem('INVALID_MESSAGE', `must be one of ${Object.keys(known).join(', ')}`, { field });
};

/** `/api/v1/session/{id}/analyze`, `/report` and `/reports` */
export const reportRouter = (options: ReportReadingOptions): Router => {
  const { find, reports } = options;
  const reading = new ReportReading(options);
  const router = Router();

  router.post('/:sessionId/analyze', async (request, response) => {
    const { session, principal } = await reading.findReadable(request);
    const rulesVersion = oneOf(ruleSets, 'rules', request.query['rules']);
    const format = reportFormatOf(request.query['format']);
    const weightsVersion = oneOf(riskWeightSets, 'weights', request.query['weights']);
    if ((rulesVersion === null && weightsVersion === null) || session.status === 'running') {
      await reading.limitAnalysis(session, principal);
      return sendReport(
        response,
        await reading.reportOf(session, principal, { version: null, analysisOnly: false }),
        format,
      );
    }
    await find(request, 'report.review');
    await reading.limitAnalysis(session, principal);
    const again = await reports.analyzeAgain(session, { rulesVersion, weightsVersion }, principal.userId);
    if (again === null) throw new HttpProblem('WRONG_STATUS', 'the frames of this session have expired');
    sendReport(response, { text: again.report, version: again.version }, format);
  });

  router.get('/:sessionId/report', async (request, response) => {
    const { session, principal } = await reading.findReadable(request);
    const { query } = request;
    const format = reportFormatOf(query['format']);
    const version = reportVersionOf(query['version']);
    const analysisOnly = query['review'] === 'none';
    sendReport(response, await reading.read(session, principal, { version, analysisOnly }), format);
  });

  router.get('/:sessionId/report/observations.csv', async (request, response) => {
    const { session, principal } = await reading.findReadable(request);
    const version = reportVersionOf(request.query['version']);
    sendReport(response, await reading.read(session, principal, { version, analysisOnly: false }), 'csv');
  });

  router.get('/:sessionId/reports', async (request, response) => {
    const { session } = await reading.findReadable(request);
    const list = await reports.list(session);
    response.json({
      reports: list.map(({ version, rulesVersion, createdAt }) => ({
        version,
        rules_version: rulesVersion,
        created_at: createdAt,
      })),
    });
  });

  return router;
};
