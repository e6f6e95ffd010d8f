import * as v from 'valibot';
import type { ProblemCode } from './problem.ts';
import { violationTypes } from '../frame/violation.ts';
import { studentRequestKinds } from './exam-requests.ts';

/**
 * The exam channel, `ws /api/v1/websocket/{exam_id}/ws?token=`. On the wire, an exam's id is called `session_id`, as
 * documented. Clients send only `heartbeat`; answers, progress and the rest go over REST.
 */

export const examStatuses = ['SCHEDULED', 'WAITING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'] as const;
export type ExamStatus = (typeof examStatuses)[number];

/** Longest highlighted text that teachers receive, Unicode code points; longer text is truncated. */
export const highlightTextLength = 100;

export const ExamClientMessageSchema = v.object({ type: v.literal('heartbeat') });

const id = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** ISO 8601, server clock. */
const timestamp = v.pipe(v.string(), v.isoTimestamp());
const ofExam = { session_id: id, timestamp };
const ofStudent = { ...ofExam, student_id: id, student_name: v.string() };

/** Sent to everyone in the exam. */
export const ExamEventSchema = v.variant('type', [
  v.object({ type: v.literal('connected'), ...ofExam }),
  v.object({ type: v.literal('session_status_changed'), ...ofExam, status: v.picklist(examStatuses) }),
  v.object({ type: v.literal('waiting_room_opened'), ...ofExam }),
  v.object({ type: v.literal('session_started'), ...ofExam, started_at: timestamp, connected_students: v.array(id) }),
  v.object({ type: v.literal('session_completed'), ...ofExam, completed_at: timestamp }),
  v.object({ type: v.literal('participant_joined'), ...ofExam, student_id: id, connected_count: count }),
  v.object({ type: v.literal('participant_disconnected'), ...ofExam, student_id: id, connected_count: count }),
]);
export type ExamEvent = v.InferOutput<typeof ExamEventSchema>;

const highlightText = v.pipe(
  v.string(),
  v.check(
    (text) => Array.from(text).length <= highlightTextLength,
    `a highlight may have at most ${highlightTextLength} characters`,
  ),
);

/** Sent only to the exam's teachers and admins. */
export const ExamTeacherEventSchema = v.variant('type', [
  v.object({
    type: v.literal('student_progress'),
    ...ofStudent,
    /** Index from 0. */
    passage_index: count,
    /** Index from 0 within the passage. */
    question_index: count,
    /** Number from 1 across all passages. */
    question_number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  v.object({
    type: v.literal('student_answer'),
    ...ofStudent,
    question_id: id,
    question_number: v.pipe(v.number(), v.integer(), v.minValue(1)),
    answered: v.literal(true),
    /** False for the first answer to a question. */
    is_update: v.boolean(),
    /** Other questions that the student answered within a second, newest first. */
    more: v.optional(
      v.array(
        v.object({
          question_id: id,
          question_number: v.pipe(v.number(), v.integer(), v.minValue(1)),
          is_update: v.boolean(),
        }),
      ),
    ),
  }),
  v.object({
    type: v.literal('student_highlight'),
    ...ofStudent,
    text: highlightText,
    passage_id: id,
    /** Other highlights within a second, newest first. */
    more: v.optional(v.array(v.object({ text: highlightText, passage_id: id }))),
  }),
  v.object({
    type: v.literal('violation'),
    student_id: id,
    violation_type: v.picklist(violationTypes),
    timestamp,
    /** Other types that the student's page detected within a second, newest first. */
    more: v.optional(v.array(v.object({ violation_type: v.picklist(violationTypes), timestamp }))),
    total_count: count,
  }),
  v.object({
    type: v.literal('student_submitted'),
    ...ofStudent,
    /** Null until the exam was marked. */
    score: v.nullable(v.number()),
    /** From the exam's start to the submission. */
    time_taken_seconds: count,
    answered_questions: count,
    /** Null if the exam does not define it. */
    total_questions: v.nullable(count),
  }),
  v.object({
    type: v.literal('student_request'),
    ...ofStudent,
    request_id: id,
    kind: v.picklist(studentRequestKinds),
    text: v.nullable(v.string()),
  }),
  /** Times, teachers, policy or students of the exam have changed; read its state again. */
  v.object({ type: v.literal('exam_changed'), ...ofExam }),
  v.object({
    type: v.literal('session_stats'),
    ...ofExam,
    stats: v.object({
      total_participants: count,
      connected_count: count,
      submitted_count: count,
      average_progress: v.pipe(
        v.number(),
        v.minValue(0),
        v.description('Mean number of answered questions of the students who joined, to one decimal.'),
      ),
      total_violations: count,
    }),
  }),
]);
export type ExamTeacherEvent = v.InferOutput<typeof ExamTeacherEventSchema>;

/** Sent only to the client whose message it answers. */
export type ExamAnswer = { type: 'pong' } | { type: 'error'; message: string; code: ProblemCode };

export type ServerExamMessage = ExamEvent | ExamTeacherEvent | ExamAnswer;
