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
import { AccommodationsSchema, ExamAccommodationsSchema } from '../http/schemas/accommodations.ts';
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
    summary: 'List exams: a teacher’s own, or all for admins',
    action: 'exam.list',
    answers: { 200: { description: 'The exams', schema: ExamListSchema } },
  },
  {
    method: 'get',
    path: exam,
    id: 'getExam',
    tag,
    summary: 'Get an exam’s complete state, for clients that (re)connect to its channel',
    description: 'Teachers get students, progress, violations and statistics; a student gets their own attempt.',
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
    answers: { 204: nothing('The students are enrolled') },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  step('open', 'Open the waiting room'),
  step('start', 'Start the exam for all students'),
  step('complete', 'Complete the exam: ends its sessions and creates their reports'),
  step('cancel', 'Cancel the exam'),
  {
    method: 'get',
    path: `${exam}/accommodations`,
    id: 'listAccommodations',
    tag,
    summary: 'List the accommodations of all students who have any',
    action: 'accommodations.set',
    answers: { 200: { description: 'Students with accommodations, by id', schema: ExamAccommodationsSchema } },
  },
  {
    method: 'get',
    path: `${exam}/accommodations/{member_id}`,
    id: 'getAccommodations',
    tag,
    summary: 'Get a student’s accommodations',
    action: 'accommodations.set',
    answers: {
      200: {
        description: 'Rules that are switched off, and rules with a longer minimum duration',
        schema: AccommodationsSchema,
      },
    },
  },
  {
    method: 'put',
    path: `${exam}/accommodations/{member_id}`,
    id: 'setAccommodations',
    tag,
    summary: 'Set a student’s accommodations',
    action: 'accommodations.set',
    body: AccommodationsSchema,
    answers: { 200: { description: 'The current accommodations', schema: AccommodationsSchema } },
    problems: ['NOT_FOUND'],
  },
  work('progress', 'reportProgress', 'Report the student’s position in the exam', ProgressSchema, {
    204: nothing('Noted'),
  }),
  work('answers', 'answerQuestion', 'Save an answer; a later one replaces it', AnswerSchema, {
    200: { description: 'An earlier answer was replaced', schema: taken },
    201: { description: 'The first answer to this question', schema: taken },
  }),
  work('highlights', 'highlightText', 'Report text that the student highlighted', HighlightSchema, {
    201: nothing('Kept'),
  }),
  work('violations', 'reportViolation', 'Report a violation that the exam page detected', ViolationReportSchema, {
    200: { description: 'Not counted: one of this type was counted within the last second', schema: counted },
    201: { description: 'Counted', schema: counted },
  }),
  work('submission', 'submitExam', 'Submit the exam; repeating it returns the first submission', SubmissionSchema, {
    200: { description: 'The submission', schema: SubmissionAnswerSchema },
  }),
];
