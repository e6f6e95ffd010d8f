import { isId } from '@invigil/protocol/frame';

/** `?exam=…` of this page's address; null if it is missing or not an id. */
export const examInAddress = (): string | null => {
  const id = new URLSearchParams(location.search).get('exam');
  return isId(id) ? id : null;
};

export const examPath = (examId: string): string => `/proctor/?exam=${encodeURIComponent(examId)}`;

/** The page that sets up an exam. */
export const setupPath = (examId: string): string => `/setup/?exam=${encodeURIComponent(examId)}`;

/** The address at which students of an exam start. */
export const studentPath = (examId: string): string => `/?exam=${encodeURIComponent(examId)}`;
