import type { Report } from '@invigil/protocol';
import { signal } from '@preact/signals';
import { fetchReport } from '../sessions/session-api.ts';
import type { Answer } from '../sessions/session-api.ts';

export type ReportState =
  | { state: 'no_session' }
  | { state: 'loading' }
  | { state: 'problem'; problem: Extract<Answer<unknown>, { ok: false }>['problem']; detail: string | null }
  | { state: 'shown'; report: Report };

/** The report of one session, and looking again. */
export const createReportState = (sessionId: string | null) => {
  const state = signal<ReportState>(sessionId === null ? { state: 'no_session' } : { state: 'loading' });
  const load = async (): Promise<void> => {
    if (sessionId === null) return;
    const answer = await fetchReport(sessionId);
    state.value = answer.ok
      ? { state: 'shown', report: answer.value }
      : { state: 'problem', problem: answer.problem, detail: answer.detail };
  };
  return { state, load };
};
