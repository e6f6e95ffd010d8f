import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { AlertRecords } from './alert-records.ts';
import { OpenAlertRecords } from './open-alert-records.ts';
import { RecordsDatabase } from './records-database.ts';
import type { RecordsLocation } from './records-database.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 9, 0, second)).toISOString();

const contract = (locate: () => Promise<RecordsLocation>): void => {
  let database: RecordsDatabase;
  let raised: AlertRecords;
  let alerts: OpenAlertRecords;
  beforeEach(async () => {
    database = new RecordsDatabase(await locate());
    raised = new AlertRecords(database);
    alerts = new OpenAlertRecords(database);
    await database.run((db) => db.deleteFrom('alerts').execute());
  });
  afterEach(() => database.close());

  const raise = (student: string, second: number, examId = 'physics'): Promise<unknown> => {
    const id = `${student}${second}`;
    const observation = {
      type: 'phone_visible' as const,
      id,
      from_ms: 0,
      to_ms: 1000,
      confidence: 0.9,
      measured: {},
      evidence: { first: '1', strongest: '1', last: '5' },
      frames: 5,
    };
    const alert = {
      sessionId: `s-${student}`,
      examId,
      memberId: student,
      observation,
      escalated: false,
      durationS: null,
    };
    return raised.raise({ ...alert, alertId: id, raisedAt: at(second) }, at(second + 60), 100);
  };
  const acknowledge = (student: string, second: number, when: number): Promise<unknown> =>
    raised.acknowledge({
      sessionId: `s-${student}`,
      alertId: `${student}${second}`,
      userId: 'tina',
      at: at(when),
      outcome: null,
      note: null,
    });

  test('the newest of each student come first, and pages neither repeat nor skip while others are raised or acknowledged', async () => {
    for (const second of [1, 2, 3, 4, 5]) await raise('eve', second);
    await raise('ada', 3);
    await raise('bob', 2);
    await raise('otto', 9, 'chemistry');
    const first = await alerts.page('physics', at(10), null, 3);
    expect(first.map(({ alert }) => alert.alertId)).toEqual(['eve5', 'ada3', 'bob2']);
    await raise('eve', 11);
    await acknowledge('eve', 5, 12);
    await acknowledge('eve', 3, 12);
    const second = await alerts.page('physics', at(10), first.at(-1)?.at ?? null, 2);
    expect(second.map(({ alert }) => alert.alertId)).toEqual(['eve4', 'eve2']);
    const third = await alerts.page('physics', at(10), second.at(-1)?.at ?? null, 2);
    expect(third.map(({ alert }) => alert.alertId)).toEqual(['eve1']);
    expect((await alerts.page('physics', at(20), null, 9)).map(({ alert }) => alert.alertId)).toEqual([
      'eve11',
      'ada3',
      'bob2',
      'eve4',
      'eve2',
      'eve1',
    ]);
  });
};

afterAll(removeFolders);

describe('in SQLite', () => {
  contract(async () => ({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') }));
});

describe('in Postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => void (postgres = await startPostgres()));
  afterAll(() => postgres.stop());
  contract(async () => ({ kind: 'postgres', url: postgres.url }));
});
