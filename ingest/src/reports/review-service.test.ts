import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Review } from '@invigil/protocol/report';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { budgetTable } from '../budget/budget-table.ts';
import type { Session } from '../model/session.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ReviewRecords } from '../records/review-records.ts';
import { ReviewService, forStudent } from './review-service.ts';

const at = '2026-01-05T09:00:00.000Z';

let database: RecordsDatabase;
beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});

let session: Session;
let announced: Review[];
let refused: string[];
let reviews: ReviewService;

beforeEach(() => {
  [announced, refused] = [[], []];
  session = {
    sessionId: randomUUID(),
    examId: 'physics',
    memberId: 'ada',
    status: 'ended',
    startedAt: at,
    endedAt: at,
  };
  reviews = new ReviewService({
    records: new ReviewRecords(database),
    onReviewed: (_session, review) => announced.push(review),
    budget: { refused: (limit) => void refused.push(limit) },
    now: () => Date.parse(at),
  });
});
const decision = { outcome: 'nothing_to_follow_up' as const, observations: [] };

describe('a review', () => {
  test('is announced once it is recorded, as it is recorded', async () => {
    const review = await reviews.review(session, 'tina', decision);
    expect(review).toMatchObject({ outcome: 'nothing_to_follow_up', by: 'tina', at });
    expect(announced).toEqual([review]);
  });

  test('for many reports at once is neither recorded nor announced after a contest', async () => {
    await reviews.contest(session, 'ada', 'o1', 'it was my calculator');
    expect(await reviews.reviewUncontested(session, 'tina', decision)).toBe(false);
    expect(announced).toHaveLength(1);
    expect((await reviews.of(session)).outcome).toBeNull();
  });

  test('shows a student the outcome and their contests, but no reviewer and no note', async () => {
    const mark = { id: 'o1', mark: 'dismissed' as const, note: 'looks like a calculator' };
    await reviews.contest(session, 'ada', 'o1', 'it was my calculator');
    await reviews.review(session, 'tina', { ...decision, notes: 'talk to Mr Smith', observations: [mark] });
    const shown = forStudent(await reviews.of(session));
    expect(shown).toMatchObject({
      outcome: 'nothing_to_follow_up',
      notes: null,
      by: null,
      observations: [{ id: 'o1', mark: 'dismissed', by: null, note: null }],
      contests: [{ id: 'o1', text: 'it was my calculator' }],
    });
    expect(JSON.stringify(shown)).not.toMatch(/tina|Smith|looks like/);
  });
});

test('contests beyond the limit are refused, counted and not announced', async () => {
  const { limit } = budgetTable.contests;
  for (let count = 0; count < limit; count += 1) await reviews.contest(session, 'ada', `o${count}`, 'why?');
  expect(await reviews.contest(session, 'ada', 'one-more', 'why?')).toBeNull();
  expect(refused).toEqual(['contests']);
  expect(announced).toHaveLength(limit);
});
