import { listAccommodations, setAccommodations } from '../api/accommodation-api.ts';
import { enrol } from '../api/exam-api.ts';
import type { ExamState } from '../api/exam-api.ts';

/** Enrols an exam's students in another exam, with their accommodations. @returns how many could not be copied */
export const copyStudents = async ({ exam_id: fromId, students }: ExamState, toId: string): Promise<number> => {
  if (students.length === 0) return 0;
  const enrolled = await enrol(
    toId,
    students.map(({ student_id, student_name }) => ({ student_id, student_name })),
  );
  if (!enrolled.ok) return students.length;
  const listed = await listAccommodations(fromId);
  if (!listed.ok) return students.length;
  let failed = 0;
  for (const [studentId, accommodations] of listed.value) {
    if (!(await setAccommodations(toId, studentId, accommodations)).ok) failed += 1;
  }
  return failed;
};
