import { Router } from 'express';
import type { Request } from 'express';
import type { PolicyOf } from '../../exams/exam-policies.ts';
import { noSuchExam } from '../../exams/exam-refusal.ts';
import { examConfiguration } from '../../safe-exam-browser/exam-configuration.ts';
import { propertyList } from '../../safe-exam-browser/property-list.ts';
import { noStore } from '../middleware/no-store.ts';
import { idOf } from '../schemas/request-id.ts';

export interface SafeExamBrowserRouterOptions {
  policyOf: PolicyOf;
  /** `https://…` of this server, as the requesting client reaches it. */
  originOf: (request: Request) => string;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an id then.
    return text;
  }
};

/** The page behind `/seb/quit`, where Safe Exam Browser quits instead of loading it, or behind `/seb/{exam_id}`, with the student's link if there is one. */
const pageOf = ({ path, query }: Request): string => {
  if (path === '/quit') return '/';
  const examId = encodeURIComponent(idOf(decoded(path.slice(1)), 'exam_id'));
  const { link } = query;
  // After the `#`, so that the browser does not send it any more.
  return typeof link === 'string' ? `/?exam=${examId}#link=${encodeURIComponent(link)}` : `/?exam=${examId}`;
};

/**
 * The configuration of an exam for Safe Exam Browser, which fetches it without a token, and the addresses that it names: where it starts, and
 * where it quits.
 */
export const safeExamBrowserRouter = ({ policyOf, originOf }: SafeExamBrowserRouterOptions): Router => {
  const router = Router();

  router.get('/api/v1/exams/:examId/safe-exam-browser.seb', async (request, response) => {
    const examId = idOf(request.params.examId, 'exam_id');
    const required = (await policyOf(examId))?.safe_exam_browser ?? null;
    // Without the requirement, an existing exam is indistinguishable from one that does not exist.
    if (required === null) throw noSuchExam();
    response
      .attachment(`${examId}.seb`)
      .type('application/seb')
      .send(Buffer.from(propertyList(examConfiguration(originOf(request), examId))));
  });

  // Pages, not operations of the API.
  router.use('/seb', noStore, (request, response) => response.redirect(303, pageOf(request)));

  return router;
};
