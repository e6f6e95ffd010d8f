import { signal } from '@preact/signals';
import { fetchNotice } from '../api/student-api.ts';
import type { Notice } from '../api/student-api.ts';

/** The notice of an exam with a personal link. `refused`: the link has expired, or was revoked or replaced. */
export type SeenNotice =
  | { state: 'asking' }
  | { state: 'read'; notice: Notice }
  | { state: 'refused' }
  | { state: 'unreachable' };

/** Polling interval, so that waiting students need not do anything. */
const askEveryMs = 5000;

const isFinal = (seen: SeenNotice): boolean =>
  seen.state === 'refused' || (seen.state === 'read' && ['COMPLETED', 'CANCELLED'].includes(seen.notice.status));

/** Reads the notice until the exam is over. While the server cannot be reached, the last one stays. */
export const watchNotice = (examId: string) => {
  const seen = signal<SeenNotice>({ state: 'asking' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const ask = async (): Promise<void> => {
    const answer = await fetchNotice(examId, null);
    if (answer.ok) seen.value = { state: 'read', notice: answer.value };
    else if (answer.problem === 'forbidden' || answer.problem === 'unknown') seen.value = { state: 'refused' };
    else if (seen.value.state !== 'read') seen.value = { state: 'unreachable' };
    if (!isClosed && !isFinal(seen.value)) timer = setTimeout(() => void ask(), askEveryMs);
  };
  void ask();
  const close = (): void => {
    isClosed = true;
    clearTimeout(timer);
  };
  return { seen, close };
};
