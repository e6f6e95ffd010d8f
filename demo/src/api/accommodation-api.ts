import type { Accommodation } from '@invigil/protocol/rules';
import { answerOf, nothing } from './answer.ts';
import type { Answer } from './answer.ts';
import { staffApi } from './api.ts';

/** Accommodations by student id; students without any are absent. */
export type ExamAccommodations = ReadonlyMap<string, readonly Accommodation[]>;

export const listAccommodations = (examId: string): Promise<Answer<ExamAccommodations>> =>
  answerOf(
    staffApi().GET('/api/v1/exams/{exam_id}/accommodations', { params: { path: { exam_id: examId } } }),
    ({ students }) => new Map(students.map(({ student_id: id, accommodations }) => [id, accommodations])),
  );

/** Replaces the student's list. */
export const setAccommodations = (
  examId: string,
  studentId: string,
  accommodations: readonly Accommodation[],
): Promise<Answer<null>> =>
  answerOf(
    staffApi().PUT('/api/v1/exams/{exam_id}/accommodations/{member_id}', {
      params: { path: { exam_id: examId, member_id: studentId } },
      body: { accommodations: [...accommodations] },
    }),
    nothing,
  );
