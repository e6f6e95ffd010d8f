import * as v from 'valibot';
import {
  CheckResultsSchema,
  examStatuses,
  ExamPolicySchema,
  studentRequestKinds,
  violationTypes,
} from '@invigil/protocol/channels';

const moment = v.pipe(v.string(), v.isoTimestamp());
const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const examEntries = {
  exam_id: v.string(),
  title: text,
  status: v.picklist(examStatuses),
  scheduled_at: v.nullable(v.string()),
  duration_minutes: v.nullable(count),
  total_questions: v.nullable(count),
  policy: ExamPolicySchema,
  created_at: moment,
  opened_at: v.nullable(moment),
  started_at: v.nullable(moment),
  completed_at: v.nullable(moment),
  cancelled_at: v.nullable(moment),
};

/** Exam fields that students do not receive. */
const staffEntries = { created_by: text, pin: text };

export const ExamAnswerBodySchema = v.object({ ...examEntries, ...staffEntries });
/** The response to creating an exam. */
export const CreatedExamSchema = v.object({ ...ExamAnswerBodySchema.entries, teachers: v.array(v.string()) });
export const ExamListSchema = v.object({ exams: v.array(ExamAnswerBodySchema) });

const progress = v.nullable(v.object({ passage_index: count, question_index: count, question_number: count }));

export const SubmissionAnswerSchema = v.object({
  submitted_at: moment,
  score: v.nullable(v.number()),
  time_taken_seconds: v.number(),
});

const check = v.nullable(v.object({ ...CheckResultsSchema.entries, checked_at: moment }));

const ExamForTeacherSchema = v.object({
  ...examEntries,
  ...staffEntries,
  webhook_secret: v.pipe(
    v.nullable(v.string()),
    v.description('Verifies webhooks to the policy’s webhook_url; null if it has none.'),
  ),
  server_time: moment,
  teachers: v.array(v.string()),
  students: v.array(
    v.object({
      student_id: v.string(),
      student_name: v.string(),
      joined_at: v.nullable(moment),
      connected: v.boolean(),
      progress,
      answered_questions: count,
      violations: v.record(v.picklist(violationTypes), count),
      submission: v.nullable(SubmissionAnswerSchema),
      check,
      extra_minutes: count,
      /** A phone is the camera of the student’s running session. */
      phone_camera: v.boolean(),
      sessions: v.array(
        v.object({
          session_id: v.string(),
          status: v.picklist(['running', 'ending', 'ended']),
          started_at: moment,
          ended_at: v.nullable(moment),
          /** Whether frames have arrived; may be some seconds old. A session starts before the student's camera does. */
          has_frames: v.boolean(),
          coverage: v.pipe(
            v.nullable(v.object({ live_s: v.number(), late_s: v.number(), not_observed_s: v.number() })),
            v.description(
              'How the session was observed until some seconds ago. Null if nothing was measured, or the policy has no live view.',
            ),
          ),
        }),
      ),
    }),
  ),
  requests: v.array(
    v.object({
      request_id: v.string(),
      kind: v.picklist(studentRequestKinds),
      student_id: v.string(),
      text,
      at: moment,
      done_at: v.nullable(moment),
      done_by: text,
    }),
  ),
  stats: v.object({
    total_participants: count,
    connected_count: count,
    submitted_count: count,
    average_progress: v.pipe(
      v.number(),
      v.description('Mean number of answered questions of the students who joined, to one decimal.'),
    ),
    total_violations: count,
  }),
});

const ExamForStudentSchema = v.object({
  ...examEntries,
  server_time: moment,
  connected_count: count,
  attempt: v.nullable(
    v.object({
      student_id: v.string(),
      student_name: v.string(),
      joined_at: v.nullable(moment),
      progress,
      answers: v.array(
        v.object({ question_id: v.string(), question_number: count, answer: v.string(), answered_at: moment }),
      ),
      highlights: v.array(v.object({ passage_id: v.string(), text: v.string(), at: moment })),
      submission: v.nullable(SubmissionAnswerSchema),
      check,
      extra_minutes: count,
    }),
  ),
});

/** Teachers receive all students, a student only their own attempt. */
export const ExamStateSchema = v.union([ExamForTeacherSchema, ExamForStudentSchema]);

export const ExamNoticeSchema = v.object({
  exam_id: v.string(),
  title: text,
  status: v.picklist(examStatuses),
  scheduled_at: v.nullable(v.string()),
  duration_minutes: v.nullable(count),
  total_questions: v.nullable(count),
  started_at: v.nullable(moment),
  ends_at: v.nullable(moment),
  /** The student's extra time; `ends_at` includes it. */
  extra_minutes: count,
  server_time: moment,
  exam_url: text,
  /** Paths of the configuration for Safe Exam Browser and of the address that quits it; null: the exam can be taken in any browser. */
  safe_exam_browser: v.nullable(v.object({ configuration: v.string(), quit: v.string() })),
  /** Whether the student's questions are in an assessment of a learning platform (LTI Proctoring Services). */
  has_assessment: v.boolean(),
  organiser: v.nullable(v.object({ name: v.string(), contact: text, privacy_url: text })),
  images: v.object({ while_watched: v.boolean(), with_alerts: v.boolean() }),
  proctor_sees_numbers: v.boolean(),
  breaks: v.boolean(),
  /** Whether students may write to proctors during the exam. */
  chat: v.boolean(),
  /** Whether the student may use a phone as the camera. */
  phone_camera: v.boolean(),
  report_to_student: v.boolean(),
  /** Whether teachers may compare the report with those of the student's other exams. */
  history: v.boolean(),
  retention: v.object({ frames_days: v.nullable(count), reports_days: v.nullable(count) }),
});

export const ExamLinksSchema = v.object({
  links: v.array(
    v.object({
      student_id: v.string(),
      student_name: v.string(),
      created_at: moment,
      expires_at: moment,
      revoked_at: v.nullable(moment),
      /** Null for links of earlier servers. */
      created_by: v.nullable(v.string()),
      /** When a link of this student was first used; creating a new one does not change it. */
      first_used_at: v.nullable(moment),
      token: text,
      path: text,
    }),
  ),
});
