import type { Exam } from '../model/exam.ts';
import { withoutCredentials } from '../model/webhook-url.ts';

/** An exam as the API shows it to its teachers: nobody can read the credentials in its webhook address again. */
export const examBody = (exam: Exam) => ({
  exam_id: exam.examId,
  title: exam.title,
  status: exam.status,
  created_by: exam.createdBy,
  scheduled_at: exam.scheduledAt,
  duration_minutes: exam.durationMinutes,
  total_questions: exam.totalQuestions,
  policy: {
    ...exam.policy,
    webhook_url: exam.policy.webhook_url === null ? null : withoutCredentials(exam.policy.webhook_url),
  },
  pin: exam.pin,
  created_at: exam.createdAt,
  opened_at: exam.openedAt,
  started_at: exam.startedAt,
  completed_at: exam.completedAt,
  cancelled_at: exam.cancelledAt,
});
