import { signal } from '@preact/signals';
import { fetchExamStatus } from '../api/exam-api.ts';
import type { Exam } from '../api/exam-api.ts';

/** Whether the exam in a teacher's link can be started now. */
export type ExamAvailability =
  | { state: 'asking' }
  | { state: 'open'; title: string | null }
  | { state: 'not_open_yet' | 'over'; title: string | null }
  | { state: 'unknown' };

/** Polling interval before the exam opens, so that waiting students need not do anything. */
const askEveryMs = 5000;

const availabilityOf = (exam: Pick<Exam, 'title' | 'status'>): ExamAvailability => {
  const { title, status } = exam;
  if (status === 'SCHEDULED') return { state: 'not_open_yet', title };
  return status === 'COMPLETED' || status === 'CANCELLED' ? { state: 'over', title } : { state: 'open', title };
};

/**
 * Polls until the exam is open or over. If its status cannot be read, the form is shown: starting then reports the
 * problem.
 */
export const watchExamAvailability = (examId: string) => {
  const availability = signal<ExamAvailability>({ state: 'asking' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const ask = async (): Promise<void> => {
    const answer = await fetchExamStatus(examId);
    if (answer.ok) availability.value = availabilityOf(answer.value);
    else if (answer.problem === 'unknown') availability.value = { state: 'unknown' };
    else if (availability.value.state === 'asking') availability.value = { state: 'open', title: null };
    if (availability.value.state === 'not_open_yet' && !isClosed) timer = setTimeout(() => void ask(), askEveryMs);
  };
  void ask();
  const close = (): void => {
    isClosed = true;
    clearTimeout(timer);
  };
  return { availability, close };
};
