import { describe, expect, test } from 'vitest';
import type { ListedReport, ReportSummaryRecords } from '../records/report-summary-records.ts';
import type { Session } from '../model/session.ts';
import { ReportList } from './report-list.ts';

const ids = ['s-1', 's-2', 's-3', 's-4'];
const decision = {
  examId: 'physics',
  reviewers: 1,
  actor: 'tina',
  maxRisk: 5,
  minCoverage: 0.8,
  notes: null,
  expected: ids.length,
};

/** Four matching reports, the `failing`th of which cannot be stored. */
const listThatFailsAt = (failing: number) => {
  const listed = ids.map((id) => ({ summary: { session_id: id, contests: 0 } }) as ListedReport);
  const failures: unknown[] = [];
  const list = new ReportList({
    summaries: { list: async () => listed, bringUpToDate: async () => 0 } as unknown as ReportSummaryRecords,
    find: async (sessionId) => ({ sessionId }) as Session,
    review: async ({ sessionId }) => {
      if (sessionId === ids[failing]) throw new Error('the store is away');
      return sessionId !== 's-1';
    },
    onFailure: (error) => failures.push(error),
    examIdsOf: async () => [],
  });
  return { list, failures };
};

describe('a decision on many reports', () => {
  test('tells which were stored if the store fails on the way', async () => {
    const { list, failures } = listThatFailsAt(2);
    expect(await list.decide(decision)).toEqual({ state: 'recorded', sessionIds: ['s-2'], failed: 2 });
    expect(failures).toHaveLength(1);
  });

  test('is an error if nothing was stored', async () => {
    const { list, failures } = listThatFailsAt(0);
    await expect(list.decide(decision)).rejects.toThrow('the store is away');
    expect(failures).toEqual([]);
  });

  test('leaves out reports that were contested in the meantime', async () => {
    const { list } = listThatFailsAt(ids.length);
    expect(await list.decide(decision)).toEqual({ state: 'recorded', sessionIds: ['s-2', 's-3', 's-4'], failed: 0 });
  });
});
