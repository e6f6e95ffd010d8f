import { IdSchema } from '@invigil/protocol/frame';
import type { Request } from 'express';
import * as v from 'valibot';
import type { Principal } from '../../model/principal.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';
import type { Authorizer } from './authorize.ts';

export interface ActingStudent {
  examId: string;
  studentId: string;
  principal: Principal;
}

const NamedStudentSchema = v.object({ student_id: IdSchema });

/** Who works in the exam of the path: the token's student, or the `student_id` for which an exam platform (role ADMIN) acts. */
export const actingStudentOf = async (authorizer: Authorizer, request: Request): Promise<ActingStudent> => {
  const examId = idOf(request.params['examId'], 'exam_id');
  const sent: unknown = request.body;
  const named = typeof sent === 'object' && sent !== null && 'student_id' in sent ? sent.student_id : undefined;
  const memberId = named === undefined ? null : idOf(named, 'student_id');
  const principal = await authorizer.authorize(request, 'exam.work', { examId, memberId, sessionId: null });
  if (principal.role === 'STUDENT') return { examId, studentId: principal.userId, principal };
  return { examId, studentId: bodyOf(NamedStudentSchema, request).student_id, principal };
};
