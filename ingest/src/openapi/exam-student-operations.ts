import * as v from 'valibot';
import { CheckSchema, LinksSchema, StudentRequestSchema } from '@invigil/protocol/channels';
import { ExamLinksSchema, ExamNoticeSchema } from './exam-answers.ts';
import { nothing } from './operation.ts';
import type { Operation } from './operation.ts';

const exam = '/api/v1/exams/{exam_id}';
const moment = v.pipe(v.string(), v.isoTimestamp());

/** A student's way into an exam, and requests to its teachers. */
export const examStudentOperations: readonly Operation[] = [
  {
    method: 'get',
    path: `${exam}/notice`,
    id: 'getExamNotice',
    tag: 'exams',
    summary: 'Get what a student may read before consenting',
    description:
      'What is observed, who sees it, how long it is kept, who organises the exam, and its times with the server’s clock. ' +
      'It can be read before the exam is open.',
    action: 'exam.attend',
    answers: { 200: { description: 'The notice', schema: ExamNoticeSchema } },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${exam}/safe-exam-browser.seb`,
    id: 'getSafeExamBrowserConfiguration',
    tag: 'exams',
    summary: 'Get the configuration with which students open the exam in Safe Exam Browser',
    description:
      'An XML property list without encryption, if the exam’s policy has `safe_exam_browser`. Safe Exam Browser fetches it from the same ' +
      'address with `sebs://` (`seb://` without TLS); `??link=` and a personal link’s token at its end let the student in.',
    action: 'server.look',
    answers: { 200: { description: 'The configuration', schema: null, otherTypes: ['application/seb'] } },
    problems: ['NOT_FOUND', 'STORE_UNAVAILABLE', 'RATE_EXCEEDED'],
  },
  {
    method: 'get',
    path: `${exam}/links`,
    id: 'listExamLinks',
    tag: 'exams',
    summary: 'List students’ personal links',
    description: 'Anyone with a link can take the exam as its student. Only links that are valid now have a token.',
    action: 'exam.manage',
    answers: { 200: { description: 'The links', schema: ExamLinksSchema } },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'post',
    path: `${exam}/links`,
    id: 'createExamLinks',
    tag: 'exams',
    summary: 'Create personal links, for all students without one or for the named ones',
    action: 'exam.manage',
    body: LinksSchema,
    answers: { 201: { description: 'All links of the exam', schema: ExamLinksSchema } },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'delete',
    path: `${exam}/links/{student_id}`,
    id: 'revokeExamLink',
    tag: 'exams',
    summary: 'Revoke a student’s personal link; a session that is running continues',
    action: 'exam.manage',
    answers: { 204: nothing('Revoked') },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'put',
    path: `${exam}/check`,
    id: 'saveExamCheck',
    tag: 'exam work',
    summary: 'Record the outcome of a camera check before the exam; teachers see the last one',
    action: 'exam.work',
    body: CheckSchema,
    answers: { 200: { description: 'Recorded', schema: v.object({ checked_at: moment }) } },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'post',
    path: `${exam}/requests`,
    id: 'askExamTeachers',
    tag: 'exam work',
    summary: 'Ask a proctor for help, or the organiser to erase the student’s data',
    action: 'exam.work',
    body: StudentRequestSchema,
    answers: { 201: { description: 'Recorded', schema: v.object({ request_id: v.string(), at: moment }) } },
    problems: ['NOT_FOUND', 'RATE_EXCEEDED'],
  },
  {
    method: 'post',
    path: `${exam}/requests/{request_id}/done`,
    id: 'finishStudentRequest',
    tag: 'exams',
    summary: 'Mark a student’s request done',
    action: 'exam.manage',
    answers: { 204: nothing('Marked') },
    problems: ['NOT_FOUND'],
  },
];
