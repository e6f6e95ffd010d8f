import { Router } from 'express';
import { listedReportBody } from '../../reports/report-list-body.ts';
import type { StudentHistory } from '../../reports/student-history.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { idOf } from '../schemas/request-id.ts';

export interface StudentHistoryRouterOptions {
  history: StudentHistory;
  authorizer: Authorizer;
}

/** `/api/v1/students/{member_id}/history`: a student's reports in the exams whose policy allows it. */
export const studentHistoryRouter = ({ history, authorizer }: StudentHistoryRouterOptions): Router => {
  const router = Router();
  router.get('/:memberId/history', async (request, response) => {
    const memberId = idOf(request.params['memberId'], 'member_id');
    const { userId, role } = await authorizer.authorize(request, 'student.history', null);
    const { entries, hasMore } = await history.of(memberId, role === 'ADMIN' ? null : userId);
    response.json({
      student_id: memberId,
      student_name: entries.find(({ report }) => report.studentName !== null)?.report.studentName ?? null,
      reports: entries.map(({ exam, report }) => ({
        exam_id: exam.examId,
        exam_title: exam.title,
        ...listedReportBody(report, exam.policy.reviewers),
      })),
      has_more: hasMore,
    });
  });
  return router;
};
