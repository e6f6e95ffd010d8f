import { expect, onTestFinished, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import { join } from 'node:path';
import { RecordsDatabase } from './records-database.ts';
import { SessionEndRecords } from './session-end-records.ts';
import { SessionRecords } from './session-records.ts';
import { StoreClock } from './store-clock.ts';

const hourMs = 3_600_000;

const clockOf = (database: RecordsDatabase, skewMs: number): StoreClock => {
  const clock = new StoreClock({ database, now: () => Date.now() + skewMs });
  onTestFinished(() => clock.close());
  return clock;
};

test('replicas whose clocks differ by hours hold and lose the claim of an end alike', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  const database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
  const [ahead, behind] = [clockOf(database, 5 * hourMs), clockOf(database, -5 * hourMs)];
  await Promise.all([ahead.compare(), behind.compare()]);
  const sessions = new SessionRecords(database);
  const ends = new SessionEndRecords(database);
  const startedAt = '2026-01-05T09:00:00.000Z';
  for (const sessionId of ['s1', 's2']) {
    await sessions.create({ sessionId, examId: null, memberId: null, startedAt, actor: 'ada' });
  }
  // Long enough for a slow machine.
  const claimMs = 600_000;
  expect(await ends.claimEnd('s1', 'one', behind.now(), claimMs)).toBe(true);
  expect(await ends.claimEnd('s1', 'other', ahead.now(), claimMs)).toBe(false);
  expect(await ends.claimEnd('s2', 'one', ahead.now(), -claimMs)).toBe(true);
  expect(await ends.claimEnd('s2', 'other', behind.now(), claimMs)).toBe(true);
  await database.close();
});

test('states by how much it may be wrong, by the fastest answer of the database', async () => {
  let nowMs = 1000;
  const roundTripsMs = [900, 10, 40];
  const database = {
    async nowMs() {
      const storeMs = nowMs + 60_000;
      nowMs += roundTripsMs.shift() ?? 0;
      return storeMs;
    },
  };
  const clock = new StoreClock({ database, now: () => nowMs });
  onTestFinished(() => clock.close());
  await clock.compared;
  expect(clock.errorMs()).toBe(5);
  expect(clock.now() - nowMs).toBe(60_000 - 5);
});

test('with SQLite it is the replica’s own clock', async () => {
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  const clock = new StoreClock({ database, now: () => 7 });
  onTestFinished(() => clock.close());
  await clock.compare();
  expect(clock.now()).toBe(7);
  await database.close();
  await removeFolders();
});
