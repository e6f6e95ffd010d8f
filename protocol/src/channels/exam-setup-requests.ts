import * as v from 'valibot';
import { IdSchema } from '../frame/identifier.ts';
import { ExamPolicySchema } from './exam-policy.ts';
import { NewExamSchema } from './exam-requests.ts';
import { MessageRequestSchema } from './guidance.ts';

const maxListed = 2000;
const maxExtraMinutes = 1440;
const { title, scheduled_at, duration_minutes, total_questions } = NewExamSchema.entries;

/** `PATCH /api/v1/exams/{id}`: fields that are absent stay as they are; null removes a value. */
export const ExamChangesSchema = v.pipe(
  v.object({
    title: v.optional(v.nullable(title.wrapped)),
    scheduled_at: v.optional(v.nullable(scheduled_at.wrapped)),
    duration_minutes: v.optional(v.nullable(duration_minutes.wrapped)),
    total_questions: v.optional(v.nullable(total_questions.wrapped)),
    /** Replaces the exam's teachers, at least one. */
    teachers: v.optional(v.pipe(v.array(IdSchema), v.minLength(1), v.maxLength(200))),
    /** Replaces the whole policy. */
    policy: v.optional(ExamPolicySchema),
  }),
);
export type ExamChanges = v.InferOutput<typeof ExamChangesSchema>;

/** If absent, all students of the exam. */
const chosenStudents = { student_ids: v.optional(v.pipe(v.array(IdSchema), v.minLength(1), v.maxLength(maxListed))) };

/** `POST /api/v1/exams/{id}/messages` */
export const ClassMessageSchema = v.object({ ...MessageRequestSchema.entries, ...chosenStudents });

/** `POST /api/v1/exams/{id}/extra-time`: adds to earlier extra time; negative minutes take some back. */
export const ExtraTimeSchema = v.object({
  minutes: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(-maxExtraMinutes),
    v.maxValue(maxExtraMinutes),
    v.notValue(0, 'must not be 0'),
  ),
  /** Chosen by the client: a repeated request with the same id, for example after a lost answer, adds nothing. */
  request_id: v.optional(IdSchema),
  ...chosenStudents,
});
export type ExtraTimeRequest = v.InferOutput<typeof ExtraTimeSchema>;
