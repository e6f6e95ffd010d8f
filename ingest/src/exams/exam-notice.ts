import type { Exam } from '../model/exam.ts';
import { isoTime } from '../time/iso-time.ts';

/** When an exam that has started ends by itself; null if it has not started or has no time limit. */
const endsAtOf = ({ startedAt, durationMinutes }: Exam): string | null =>
  startedAt === null || durationMinutes === null ? null : isoTime(Date.parse(startedAt) + durationMinutes * 60_000);

/** What a student may read before consenting: what is observed, who sees it, how long it is kept, and when the exam takes place. */
export const examNotice = (exam: Exam, nowMs: number) => {
  const { policy } = exam;
  return {
    exam_id: exam.examId,
    title: exam.title,
    status: exam.status,
    scheduled_at: exam.scheduledAt,
    duration_minutes: exam.durationMinutes,
    total_questions: exam.totalQuestions,
    started_at: exam.startedAt,
    ends_at: endsAtOf(exam),
    server_time: isoTime(nowMs),
    exam_url: policy.exam_url,
    organiser: policy.organiser,
    images: { while_watched: policy.live_view === 'thumbnails', with_alerts: policy.evidence === 'thumbnail' },
    proctor_sees_numbers: policy.live_view !== 'none',
    breaks: policy.breaks,
    report_to_student: policy.report_to_student,
    retention: policy.retention,
  };
};
