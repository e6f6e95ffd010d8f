import type { Report, Review } from '@invigil/protocol/report';
import { signal } from '@preact/signals';
import { fetchReport, sendContest, sendReview } from '../api/session-api.ts';
import type { Answer } from '../api/answer.ts';
import { TaskQueue } from '../page/task-queue.ts';
import { viewerInAddress } from './report-viewer.ts';
import type { ReviewWriter } from './review-writer.ts';

export type ReportState =
  | { state: 'no_session' }
  | { state: 'loading' }
  | { state: 'problem'; problem: Extract<Answer<unknown>, { ok: false }>['problem']; detail: string | null }
  | { state: 'shown'; report: Report };

/** The report of one session: loading, reloading and additions by people. */
export const createReportState = (sessionId: string | null) => {
  const state = signal<ReportState>(sessionId === null ? { state: 'no_session' } : { state: 'loading' });
  const viewer = viewerInAddress(sessionId);
  const load = async (): Promise<void> => {
    if (sessionId === null) return;
    const answer = await fetchReport(sessionId, viewer === 'staff');
    state.value = answer.ok
      ? { state: 'shown', report: answer.value }
      : { state: 'problem', problem: answer.problem, detail: answer.detail };
  };
  const taken = (answer: Answer<Review>): Answer<Review> => {
    const now = state.peek();
    if (answer.ok && now.state === 'shown')
      state.value = { state: 'shown', report: { ...now.report, review: answer.value } };
    return answer;
  };
  const id = sessionId ?? '';
  /** Each answer holds the whole review. */
  const queue = new TaskQueue();
  const writer: ReviewWriter = {
    viewer,
    review: (review) => queue.add(async () => taken(await sendReview(id, review))),
    contest: (observationId, text) => queue.add(async () => taken(await sendContest(id, observationId, text))),
  };
  return { state, load, writer };
};
