import * as v from 'valibot';
import {
  AnswerSchema,
  EnrolmentsSchema,
  HighlightSchema,
  NewExamSchema,
  ProgressSchema,
  SubmissionSchema,
  ViolationReportSchema,
} from '@invigil/protocol/channels';
import { AccommodationsSchema } from '../http/schemas/accommodations.ts';
import {
  CreatedExamSchema,
  ExamAnswerBodySchema,
  ExamListSchema,
  ExamStateSchema,
  SubmissionAnswerSchema,
} from './exam-answers.ts';
import { nothing } from './operation.ts';
import type { Answer, Operation } from './operation.ts';

const tag = 'exams';
const exam = '/api/v1/exams/{exam_id}';
const theExam: Answer = { description: 'The exam', schema: ExamAnswerBodySchema };

const step = (name: string, summary: string): Operation => ({
  method: 'post',
  path: `${exam}/${name}`,
  id: `${name}Exam`,
  tag,
  summary,
  action: 'exam.manage',
  answers: { 200: theExam },
  problems: ['NOT_FOUND', 'WRONG_STATUS'],
});

const work = (
  name: string,
  id: string,
  summary: string,
  body: v.GenericSchema,
  answers: Operation['answers'],
): Operation => ({
  method: 'post',
  path: `${exam}/${name}`,
  id,
  tag: 'exam work',
  summary,
  action: 'exam.work',
  body,
  answers,
  problems: ['NOT_FOUND', 'WRONG_STATUS', 'RATE_EXCEEDED'],
});

const taken = v.object({ question_id: v.string(), is_update: v.boolean() });
const counted = v.object({ recorded: v.boolean(), total_count: v.number() });

export const examOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/exams',
    id: 'createExam',
    tag,
    summary: 'Create an exam',
    action: 'exam.create',
    body: NewExamSchema,
    answers: { 201: { description: 'The exam', schema: CreatedExamSchema, headers: { Location: 'Path of the exam' } } },
    problems: ['ALREADY_EXISTS'],
  },
  {
    method: 'get',
    path: '/api/v1/exams',
    id: 'listExams',
    tag,
    summary: 'The exams that one teaches; for admins all',
    action: 'exam.list',
    answers: { 200: { description: 'The exams', schema: ExamListSchema } },
  },
  {
    method: 'get',
    path: exam,
    id: 'getExam',
    tag,
    summary: 'The whole state of an exam, for whoever (re)connects to its channel',
    description: 'Teachers get students, progress, violations and statistics; a student their own attempt.',
    action: 'exam.attend',
    answers: { 200: { description: 'The state', schema: ExamStateSchema } },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'post',
    path: `${exam}/enrolments`,
    id: 'enrolStudents',
    tag,
    summary: 'Enrol students; a name replaces an earlier one',
    action: 'exam.manage',
    body: EnrolmentsSchema,
    answers: { 204: nothing('They are enrolled') },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  step('open', 'Open the waiting room'),
  step('start', 'Let everybody begin'),
  step('complete', 'End it for everybody; sessions are ended and their reports made'),
  step('cancel', 'Call it off'),
  {
    method: 'get',
    path: `${exam}/accommodations/{member_id}`,
    id: 'getAccommodations',
    tag,
    summary: 'What was agreed with a student',
    action: 'accommodations.set',
    answers: { 200: { description: 'Rules that are off, and rules that need longer', schema: AccommodationsSchema } },
  },
  {
    method: 'put',
    path: `${exam}/accommodations/{member_id}`,
    id: 'setAccommodations',
    tag,
    summary: 'Say what was agreed with a student',
    action: 'accommodations.set',
    body: AccommodationsSchema,
    answers: { 200: { description: 'As it is now', schema: AccommodationsSchema } },
    problems: ['NOT_FOUND'],
  },
  work('progress', 'reportProgress', 'Where the student is', ProgressSchema, { 204: nothing('Noted') }),
  work('answers', 'answerQuestion', 'An answer, or a newer one', AnswerSchema, {
    200: { description: 'It took the place of an earlier one', schema: taken },
    201: { description: 'It is the first to this question', schema: taken },
  }),
  work('highlights', 'highlightText', 'Text that the student marked', HighlightSchema, { 201: nothing('Kept') }),
  work('violations', 'reportViolation', 'What the exam page saw', ViolationReportSchema, {
    200: { description: 'One of this type was counted within the last second', schema: counted },
    201: { description: 'Counted', schema: counted },
  }),
  work('submission', 'submitExam', 'Hand in; again: the first one', SubmissionSchema, {
    200: { description: 'What was handed in', schema: SubmissionAnswerSchema },
  }),
];
