import { Router } from 'express';
import type { Request, Response } from 'express';
import { examTarget } from '../../auth/access.ts';
import type { Exam } from '../../model/exam.ts';
import type { ReportListQuery } from '../../records/report-list-query.ts';
import { listedReportBody, listedReportLine, reportListHead } from '../../reports/report-list-body.ts';
import { bulkLimit } from '../../reports/report-list.ts';
import type { ReportList } from '../../reports/report-list.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { readBody } from '../middleware/read-body.ts';
import { sendStream } from '../send-stream.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { BulkReviewSchema, cursorOf, placeOf, reportListQueryOf } from '../schemas/report-list.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface ExamReportsRouterOptions {
  list: ReportList;
  findExam: (examId: string) => Promise<Exam | null>;
  authorizer: Authorizer;
  messageBytes: number;
}

/** Ascending is the natural order of these; of the others, the largest come first. */
const ascending: ReadonlySet<string> = new Set(['coverage', 'student']);

/** `/api/v1/exams/{exam_id}/reports` and `/reviews`: the reports of an exam in order, and one decision on many. */
export const examReportsRouter = ({ list, findExam, authorizer, messageBytes }: ExamReportsRouterOptions): Router => {
  const router = Router();

  const load = async (request: Request): Promise<{ exam: Exam; userId: string }> => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const { userId } = await authorizer.authorize(request, 'report.review', examTarget(examId));
    const exam = await findExam(examId);
    if (exam === null) throw new HttpProblem('NOT_FOUND', 'there is no exam with this id');
    return { exam, userId };
  };

  router.get('/:examId/reports', async (request, response) => {
    const { exam, userId } = await load(request);
    const asked = reportListQueryOf(request.query);
    const { sort, limit } = asked;
    const query: ReportListQuery = {
      examId: exam.examId,
      reviewers: exam.policy.reviewers,
      filter: {
        status: asked.status ?? null,
        type: asked.type ?? null,
        maxRisk: asked.max_risk ?? null,
        minCoverage: asked.min_coverage ?? null,
        student: asked.student ?? null,
        decidableBy: asked.decidable === undefined ? null : userId,
      },
      sort,
      descending: (asked.order ?? (ascending.has(sort) ? 'asc' : 'desc')) === 'desc',
      after: asked.cursor === undefined ? null : placeOf(asked.cursor, sort),
      limit,
    };
    if (asked.format === 'csv') return await sendCsv(response, list, query);
    const { reports, counts, next } = await list.page(query, userId);
    response.json({
      exam_id: exam.examId,
      exam_title: exam.title,
      reviewers: query.reviewers,
      history: exam.policy.history,
      counts,
      reports: reports.map((report) => listedReportBody(report, query.reviewers)),
      next_cursor: next === null ? null : cursorOf(sort, next),
    });
  });

  router.post('/:examId/reviews', readBody(authorizer, { limit: messageBytes }), async (request, response) => {
    const { exam, userId } = await load(request);
    const asked = bodyOf(BulkReviewSchema, request);
    const result = await list.decide({
      examId: exam.examId,
      reviewers: exam.policy.reviewers,
      actor: userId,
      maxRisk: asked.max_risk,
      minCoverage: asked.min_coverage,
      notes: asked.notes ?? null,
      expected: asked.expected ?? null,
    });
    switch (result.state) {
      case 'changed':
        throw new HttpProblem('WRONG_STATUS', `${result.matching} reports match now, not ${asked.expected}`, {
          field: 'expected',
        });
      case 'too_many':
        throw new HttpProblem('INVALID_MESSAGE', `at most ${bulkLimit} reports at once; choose a lower limit`, {
          field: 'max_risk',
        });
      case 'counted':
        response.json({ matching: result.matching, recorded: 0, failed: 0, session_ids: [] });
        break;
      case 'recorded': {
        const { sessionIds, failed } = result;
        const { length: recorded } = sessionIds;
        response.json({ matching: recorded + failed, recorded, failed, session_ids: sessionIds });
      }
    }
  });

  return router;
};

/** The whole list, one page in memory at a time. */
const sendCsv = async (response: Response, list: ReportList, query: ReportListQuery): Promise<void> => {
  response.attachment(`${query.examId}_reports.csv`);
  response.type('text/csv');
  await sendStream(csvOf(list, query), response);
};

const csvOf = async function* (list: ReportList, query: ReportListQuery): AsyncGenerator<string> {
  yield `${reportListHead}\r\n`;
  for await (const page of list.all(query)) {
    yield page.map((report) => `${listedReportLine(report, query.reviewers)}\r\n`).join('');
  }
};
