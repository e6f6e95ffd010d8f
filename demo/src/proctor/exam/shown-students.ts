import type { ExamWatch } from '../watch/exam-watch.ts';

/** Student numbers of those whom filter and search leave on the wall. */
export const shownStudents = (watch: ExamWatch): string[] => [
  ...new Set(watch.ordered.value.flatMap(({ studentId }) => (studentId === null ? [] : [studentId]))),
];
