import * as v from 'valibot';
import { ClassMessageSchema, ExamChangesSchema, ExtraTimeSchema } from '@invigil/protocol/channels';
import { CreatedExamSchema } from './exam-answers.ts';
import { nothing } from './operation.ts';
import type { Operation } from './operation.ts';

const tag = 'exams';
const exam = '/api/v1/exams/{exam_id}';
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Changes to an exam after its creation, and messages to its students. */
export const examSetupOperations: readonly Operation[] = [
  {
    method: 'patch',
    path: exam,
    id: 'changeExam',
    tag,
    summary: 'Change an exam; absent fields stay as they are',
    description:
      'Times and policy can be changed only while the exam is SCHEDULED, because students consent to them; title, teachers and number of ' +
      'questions until it is over.',
    action: 'exam.manage',
    body: ExamChangesSchema,
    answers: { 200: { description: 'The exam', schema: CreatedExamSchema } },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'delete',
    path: exam,
    id: 'deleteExam',
    tag,
    summary: 'Delete an exam that is SCHEDULED or CANCELLED and has no sessions, with its enrolments and links',
    action: 'exam.manage',
    answers: { 204: nothing('Deleted') },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'delete',
    path: `${exam}/enrolments/{student_id}`,
    id: 'removeStudent',
    tag,
    summary: 'Remove a student who has not taken part, with their personal link',
    action: 'exam.manage',
    answers: { 204: nothing('Removed') },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'post',
    path: `${exam}/extra-time`,
    id: 'giveExtraTime',
    tag,
    summary: 'Give all students of an exam more time, or the named ones; it adds to earlier extra time',
    description:
      'For all, the exam’s duration grows. For named students, the exam completes when the last student’s time is up, and the sessions of ' +
      'the others end at theirs. Students’ pages read the new end with the notice, within 30 seconds. Negative minutes take time back: a ' +
      'student’s extra time does not fall below 0, and an exam in progress cannot be made to end at once. Send a `request_id` to be ' +
      'able to repeat a request without adding the time twice.',
    action: 'exam.manage',
    body: ExtraTimeSchema,
    answers: { 200: { description: 'How many students got it', schema: v.object({ students: count }) } },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'post',
    path: `${exam}/messages`,
    id: 'messageStudents',
    tag,
    summary: 'Send a message to all students who have a running session, or to the named ones',
    action: 'session.guide',
    body: ClassMessageSchema,
    answers: {
      202: { description: 'The number of sessions that it is sent to', schema: v.object({ sessions: count }) },
    },
  },
];
