import type { ExamStatus } from '@invigil/protocol/channels';
import { signal } from '@preact/signals';
import { apiCall } from '../api/api-call.ts';

/** Whether the exam that a teacher's link names can be begun. */
export type ExamAvailability =
  | { state: 'asking' }
  | { state: 'open'; title: string | null }
  | { state: 'not_open_yet' | 'over'; title: string | null }
  | { state: 'unknown' };

/** Whoever waits before the availability need not press anything. */
const askEveryMs = 5000;

const availabilityOf = (exam: { title: string | null; status: ExamStatus }): ExamAvailability => {
  const { title, status } = exam;
  if (status === 'SCHEDULED') return { state: 'not_open_yet', title };
  return status === 'COMPLETED' || status === 'CANCELLED' ? { state: 'over', title } : { state: 'open', title };
};

/** Asks until the exam is open or over. Where the server does not say, the attempt to begin will. */
export const watchExamAvailability = (examId: string) => {
  const availability = signal<ExamAvailability>({ state: 'asking' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const ask = async (): Promise<void> => {
    const answer = await apiCall('GET', `/api/v1/exams/${encodeURIComponent(examId)}`, null);
    if (answer.ok) availability.value = availabilityOf(answer.value as { title: string | null; status: ExamStatus });
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
