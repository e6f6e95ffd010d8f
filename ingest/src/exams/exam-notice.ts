import type { Exam } from '../model/exam.ts';
import type { Session } from '../model/session.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import { endsAtMs } from './exam-end.ts';
import { isoTime } from '../time/iso-time.ts';

/**
 * What a student may read before consenting: what is observed, who sees it, how long it is kept, and when the exam takes place.
 * @param extraMinutes the student's extra time
 * @param hasAssessment whether the student's questions are in an assessment of a learning platform
 */
export const examNotice = (exam: Exam, extraMinutes: number, hasAssessment: boolean, nowMs: number) => {
  const { policy } = exam;
  const endMs = endsAtMs(exam, extraMinutes);
  return {
    exam_id: exam.examId,
    title: exam.title,
    status: exam.status,
    scheduled_at: exam.scheduledAt,
    duration_minutes: exam.durationMinutes,
    total_questions: exam.totalQuestions,
    started_at: exam.startedAt,
    ends_at: endMs === null ? null : isoTime(endMs),
    extra_minutes: extraMinutes,
    server_time: isoTime(nowMs),
    exam_url: policy.exam_url,
    // Its path on this server.
    safe_exam_browser:
      policy.safe_exam_browser === null
        ? null
        : {
            configuration: `/api/v1/exams/${encodeURIComponent(exam.examId)}/safe-exam-browser.seb`,
            quit: '/seb/quit',
          },
    has_assessment: hasAssessment,
    organiser: policy.organiser,
    images: { while_watched: policy.live_view === 'thumbnails', with_alerts: policy.evidence === 'thumbnail' },
    proctor_sees_numbers: policy.live_view !== 'none',
    breaks: policy.breaks,
    chat: policy.chat,
    phone_camera: policy.phone_camera,
    report_to_student: policy.report_to_student,
    history: policy.history,
    retention: policy.retention,
  };
};

/** The notice for the student of a session; null for a session without a recorded exam. */
export type NoticeOf = (session: Session) => Promise<ReturnType<typeof examNotice> | null>;

/** Notices without the student's assessment, which another device opens. */
export const recordedNotices =
  (exams: ExamRecords, students: ExamStudentRecords, now: () => number): NoticeOf =>
  async ({ examId, memberId }) => {
    const exam = examId === null ? null : await exams.find(examId);
    if (exam === null) return null;
    const student = memberId === null ? null : await students.find(exam.examId, memberId);
    return examNotice(exam, student?.extraMinutes ?? 0, false, now());
  };
