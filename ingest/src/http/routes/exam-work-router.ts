import {
  AnswerSchema,
  HighlightSchema,
  ProgressSchema,
  SubmissionSchema,
  ViolationReportSchema,
} from '@invigil/protocol/channels';
import { Router } from 'express';
import { ExamRefusal } from '../../exams/exam-refusal.ts';
import type { ExamViolations } from '../../exams/exam-violations.ts';
import type { ExamWork } from '../../exams/exam-work.ts';
import type { Exams } from '../../exams/exams.ts';
import { actingStudentOf } from '../middleware/acting-student.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import type { BrowserGuard } from '../middleware/safe-exam-browser.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { readBody } from '../middleware/read-body.ts';

export interface ExamWorkRouterOptions {
  exams: Exams;
  work: ExamWork;
  violations: ExamViolations;
  authorizer: Authorizer;
  browser: BrowserGuard;
  messageBytes: number;
  now: () => number;
}

/** `/api/v1/exams/{exam_id}/…`: the student’s work in an exam. */
export const examWorkRouter = (options: ExamWorkRouterOptions): Router => {
  const { exams, work, violations, authorizer, browser, messageBytes, now } = options;
  const router = Router();
  const body = readBody(authorizer, { limit: messageBytes });
  const inBrowser = browser.routes(authorizer);

  router.post('/:examId/progress', body, inBrowser, async (request, response) => {
    const { examId, studentId } = await actingStudentOf(authorizer, request);
    await work.progress(examId, studentId, bodyOf(ProgressSchema, request));
    response.status(204).end();
  });

  router.post('/:examId/answers', body, inBrowser, async (request, response) => {
    const { examId, studentId } = await actingStudentOf(authorizer, request);
    const answer = bodyOf(AnswerSchema, request);
    const { isUpdate } = await work.answer(examId, studentId, answer);
    response.status(isUpdate ? 200 : 201).json({ question_id: answer.question_id, is_update: isUpdate });
  });

  router.post('/:examId/highlights', body, inBrowser, async (request, response) => {
    const { examId, studentId } = await actingStudentOf(authorizer, request);
    await work.highlight(examId, studentId, bodyOf(HighlightSchema, request));
    response.status(201).end();
  });

  router.post('/:examId/violations', body, inBrowser, async (request, response) => {
    const { examId, studentId } = await actingStudentOf(authorizer, request);
    const { violation_type: type } = bodyOf(ViolationReportSchema, request);
    const { status } = await exams.get(examId);
    if (status !== 'IN_PROGRESS') {
      throw new ExamRefusal('WRONG_STATUS', `the exam is ${status}, it must be IN_PROGRESS`);
    }
    const nowMs = now();
    const { recorded, totalCount } = await violations.record(examId, studentId, type, nowMs);
    response.status(recorded ? 201 : 200).json({ recorded, total_count: totalCount });
  });

  router.post('/:examId/submission', body, inBrowser, async (request, response) => {
    const { examId, studentId, principal } = await actingStudentOf(authorizer, request);
    const { score, chain } = bodyOf(SubmissionSchema, request);
    if (score !== undefined && principal.role === 'STUDENT') {
      throw new HttpProblem('ACCESS_DENIED', 'only staff may set a score', { field: 'score' });
    }
    const submission = await work.submit(examId, studentId, { score: score ?? null, chain: chain ?? null });
    response.json({
      submitted_at: submission.submittedAt,
      score: submission.score,
      time_taken_seconds: submission.timeTakenSeconds,
    });
  });

  return router;
};
