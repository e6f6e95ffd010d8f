import { isId } from '@invigil/protocol/frame';

/** `?student=…` of this page's address; null if it is missing or not an id. */
export const studentInAddress = (): string | null => {
  const id = new URLSearchParams(location.search).get('student');
  return isId(id) ? id : null;
};

/** The page with a student's reports in several exams. */
export const historyPath = (studentId: string): string => `/review/?student=${encodeURIComponent(studentId)}`;
