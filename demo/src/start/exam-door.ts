import type { ExamStatus } from '@invigil/protocol/channels';
import { signal } from '@preact/signals';
import { apiCall } from '../sessions/api-call.ts';

/** Whether the exam that a teacher's link names can be begun. */
export type ExamDoor =
  | { state: 'asking' }
  | { state: 'open'; title: string | null }
  | { state: 'not_open_yet' | 'over'; title: string | null }
  | { state: 'unknown' };

/** Whoever waits before the door need not press anything. */
const askEveryMs = 5000;

const doorOf = (exam: { title: string | null; status: ExamStatus }): ExamDoor => {
  const { title, status } = exam;
  if (status === 'SCHEDULED') return { state: 'not_open_yet', title };
  return status === 'COMPLETED' || status === 'CANCELLED' ? { state: 'over', title } : { state: 'open', title };
};

/** Asks until the exam is open or over. Where the server does not say, the attempt to begin will. */
export const watchExamDoor = (examId: string) => {
  const door = signal<ExamDoor>({ state: 'asking' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const ask = async (): Promise<void> => {
    const answer = await apiCall('GET', `/api/v1/exams/${encodeURIComponent(examId)}`, null);
    if (answer.ok) door.value = doorOf(answer.value as { title: string | null; status: ExamStatus });
    else if (answer.problem === 'unknown') door.value = { state: 'unknown' };
    else if (door.value.state === 'asking') door.value = { state: 'open', title: null };
    if (door.value.state === 'not_open_yet' && !isClosed) timer = setTimeout(() => void ask(), askEveryMs);
  };
  void ask();
  const close = (): void => {
    isClosed = true;
    clearTimeout(timer);
  };
  return { door, close };
};
