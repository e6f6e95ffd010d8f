/**
 * What holds for one exam, as `GET /api/v1/exams/{exam_id}/notice` returns it: the consent then states exactly this, and the panel shows
 * the exam's time. Times are ISO 8601 by the server's clock.
 */
export interface ExamNotice {
  server_time: string;
  started_at: string | null;
  /** Null: not started, or without a time limit. */
  ends_at: string | null;
  organiser: { name: string; contact: string | null; privacy_url: string | null } | null;
  images: { while_watched: boolean; with_alerts: boolean };
  /** Whether proctors see the numbers while the exam runs. */
  proctor_sees_numbers: boolean;
  report_to_student: boolean;
  /** Whether teachers may compare the report with those of the student's other exams. */
  history?: boolean;
  /** Days after the exam; null: until deleted by hand. */
  retention: { frames_days: number | null; reports_days: number | null };
}

/** A notice, or a function that fetches the current one: called before consent, and every 30 seconds until the session ends. */
export type NoticeSource = ExamNotice | (() => Promise<ExamNotice>);
