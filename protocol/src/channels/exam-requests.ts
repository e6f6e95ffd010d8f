import * as v from 'valibot';
import { ExamPolicySchema } from './exam-policy.ts';
import { IdSchema } from '../frame/identifier.ts';
import { VIOLATION_TYPES } from './violation.ts';

/** Bodies of the REST requests under `/api/v1/exams`. */

const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength));
const integer = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const maxQuestions = 10_000;
const maxAnswerLength = 20_000;
const maxHighlightLength = 10_000;
const maxListed = 2000;

export const NewExamSchema = v.object({
  /** The server makes one up when there is none. */
  exam_id: v.optional(IdSchema),
  title: v.optional(text(300)),
  scheduled_at: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  /** From the start; then the exam completes by itself. */
  duration_minutes: v.optional(integer(1, 10_080)),
  total_questions: v.optional(integer(0, maxQuestions)),
  /** Beside the one who creates it. */
  teachers: v.optional(v.pipe(v.array(IdSchema), v.maxLength(200)), []),
  policy: v.optional(ExamPolicySchema, {}),
});
export type NewExamRequest = v.InferOutput<typeof NewExamSchema>;

export const EnrolmentsSchema = v.object({
  students: v.pipe(
    v.array(v.object({ student_id: IdSchema, student_name: v.optional(text(200)) })),
    v.minLength(1),
    v.maxLength(maxListed),
  ),
});
export type EnrolmentsRequest = v.InferOutput<typeof EnrolmentsSchema>;

/** The exam platform's own server (role ADMIN) may act in a student's name; a student's token says who it is. */
const inTheNameOf = { student_id: v.optional(IdSchema) };

export const ProgressSchema = v.object({
  ...inTheNameOf,
  passage_index: integer(0, maxQuestions),
  question_index: integer(0, maxQuestions),
  question_number: integer(1, maxQuestions),
});
export type ProgressRequest = v.InferOutput<typeof ProgressSchema>;

export const AnswerSchema = v.object({
  ...inTheNameOf,
  question_id: IdSchema,
  question_number: integer(1, maxQuestions),
  answer: v.pipe(v.string(), v.maxLength(maxAnswerLength)),
});
export type AnswerRequest = v.InferOutput<typeof AnswerSchema>;

export const HighlightSchema = v.object({
  ...inTheNameOf,
  passage_id: IdSchema,
  text: text(maxHighlightLength),
});
export type HighlightRequest = v.InferOutput<typeof HighlightSchema>;

export const ViolationReportSchema = v.object({ ...inTheNameOf, violation_type: v.picklist(VIOLATION_TYPES) });
export type ViolationReportRequest = v.InferOutput<typeof ViolationReportSchema>;

export const SubmissionSchema = v.object({
  ...inTheNameOf,
  /** From who marks it, never from the student. */
  score: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
});
export type SubmissionRequest = v.InferOutput<typeof SubmissionSchema>;
