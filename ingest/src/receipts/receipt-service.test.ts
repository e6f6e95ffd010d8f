import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { ReceiptRecords } from '../records/receipt-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { receiptProblem } from './receipt.ts';
import { ReceiptService } from './receipt-service.ts';

const dayMs = 86_400_000;
const noonMs = Date.UTC(2026, 0, 5, 12);
const report = (frames: number): string => JSON.stringify({ integrity: { frames, chain: 'head', received: 'hash' } });

const databases: RecordsDatabase[] = [];
let file: string;
let database: RecordsDatabase;
let nowMs: number;
let service: ReceiptService;

const open = (of: RecordsDatabase): ReceiptService =>
  new ReceiptService({ records: new ReceiptRecords(of), analyses: new AnalysisRecords(of), now: () => nowMs });

beforeEach(async () => {
  file = join(await makeFolder(), 'records.db');
  database = new RecordsDatabase({ kind: 'sqlite', file });
  databases.push(database);
  nowMs = noonMs;
  service = open(database);
});
afterAll(async () => {
  for (const each of databases) await each.close();
  await removeFolders();
});

/** An ended session with a report. */
const end = async (sessionId: string, text = report(10)): Promise<void> => {
  const at = new Date(nowMs).toISOString();
  const sessions = new SessionRecords(database);
  await sessions.create({ sessionId, examId: 'physics', memberId: sessionId, startedAt: at, actor: 'tina' });
  const session = (await sessions.find(sessionId))!;
  const ends = new SessionEndRecords(database);
  await ends.claimEnd(sessionId, 'claim', nowMs, 60_000);
  await ends.finishEnd(
    { session, endedAt: at, rulesVersion: '3', report: text, dumpFile: 'd', actor: 'tina' },
    'claim',
  );
};
/** Null if an outsider with the published keys finds nothing wrong. */
const problemOf = async (sessionId: string, text = report(10)): Promise<string | null> =>
  receiptProblem({
    answer: (await service.find(sessionId, null))!,
    keys: await service.publicKeys(),
    root: null,
    report: text,
  });

describe('signing', () => {
  test('fixes the report, its frames and its chain', async () => {
    await end('s1');
    await service.sign('s1');
    expect((await service.find('s1', null))?.receipt).toMatchObject({
      format: 'invigil-receipt/1',
      session_id: 's1',
      version: 1,
      frames: 10,
      chain: 'head',
      received: 'hash',
      report_sha256: createHash('sha256').update(report(10)).digest('hex'),
      signed_at: new Date(noonMs).toISOString(),
    });
    expect(await problemOf('s1')).toBeNull();
    expect(await problemOf('s1', report(11))).toContain('not the one that was signed');
  });

  test('again, or twice at once, leaves the first receipt', async () => {
    await end('s1');
    await Promise.all([service.sign('s1'), service.sign('s1')]);
    const first = await service.find('s1', null);
    nowMs += 60_000;
    await service.sign('s1');
    expect(await service.find('s1', null)).toEqual(first);
    nowMs += 2 * dayMs;
    expect((await service.root('2026-01-05'))?.receipts).toBe(1);
  });

  test('does nothing for a session without a report', async () => {
    await service.sign('unknown');
    expect(await service.find('unknown', null)).toBeNull();
  });

  test('signs each version by itself', async () => {
    await end('s1');
    await service.sign('s1');
    const by = { actor: 'tina', at: new Date(nowMs).toISOString() };
    await new AnalysisRecords(database).add('s1', report(10).replace('head', 'other'), '2', by);
    expect(await service.find('s1', 2)).toBeNull();
    await service.sign('s1', 2);
    expect((await service.find('s1', 2))?.receipt).toMatchObject({ version: 2, chain: 'other' });
    expect((await service.find('s1', 1))?.receipt).toMatchObject({ version: 1, chain: 'head' });
  });
});

describe('a day’s root', () => {
  test('is published ten minutes after the day’s end, and not before', async () => {
    await end('s1');
    await service.sign('s1');
    expect(await service.find('s1', null)).toMatchObject({ proof: null, root: null });
    nowMs = Date.UTC(2026, 0, 6) + 600_000 - 1;
    expect(await service.root('2026-01-05')).toBeNull();
    nowMs += 1;
    expect(await service.root('2026-01-05')).toMatchObject({
      format: 'invigil-root/1',
      day: '2026-01-05',
      receipts: 1,
    });
    expect(await problemOf('s1')).toBeNull();
  });

  test('proves each of its receipts, and stays the same however often it is asked for', async () => {
    const ids = ['s1', 's2', 's3', 's4', 's5'];
    for (const id of ids) {
      await end(id);
      await service.sign(id);
    }
    nowMs += dayMs;
    for (const id of ids) expect(await problemOf(id)).toBeNull();
    expect(await service.root('2026-01-05')).toEqual(await service.root('2026-01-05'));
    const [one, other] = [(await service.find('s1', null))!, (await service.find('s2', null))!];
    const swapped = { ...one, proof: other.proof };
    const keys = await service.publicKeys();
    expect(receiptProblem({ answer: swapped, keys, root: null, report: null })).toContain('not part of the root');
  });

  test('is computed once, however often anybody asks for the list', async () => {
    const records = new ReceiptRecords(database);
    const asked: string[] = [];
    const leaves = records.leaves.bind(records);
    records.leaves = (day) => {
      asked.push(day);
      return leaves(day);
    };
    const counted = new ReceiptService({ records, analyses: new AnalysisRecords(database), now: () => nowMs });
    await end('s1');
    await service.sign('s1');
    nowMs += dayMs;
    await end('s2');
    await service.sign('s2');
    for (let time = 0; time < 3; time += 1) expect(await counted.roots()).toMatchObject([{ day: '2026-01-05' }]);
    nowMs += dayMs;
    expect(await counted.roots()).toMatchObject([{ day: '2026-01-06' }, { day: '2026-01-05' }]);
    await counted.roots();
    expect(asked).toEqual(['2026-01-05', '2026-01-06']);
  });

  test('is missing for a day without receipts, and for an invalid day', async () => {
    nowMs += 30 * dayMs;
    expect(await service.root('2026-01-05')).toBeNull();
    expect(await service.root('yesterday')).toBeNull();
    expect(await service.roots()).toEqual([]);
  });

  test('stays when a student is erased, so that others’ receipts can still be proved', async () => {
    for (const id of ['s1', 's2']) {
      await end(id);
      await service.sign(id);
    }
    nowMs += dayMs;
    const before = await service.root('2026-01-05');
    await database.run((db) => db.deleteFrom('receipts').where('session_id', '=', 's1').execute());
    expect(await service.root('2026-01-05')).toEqual(before);
    expect(await service.find('s1', null)).toBeNull();
    expect(await problemOf('s2')).toBeNull();
  });

  test('roots of several days come newest first', async () => {
    for (const id of ['s1', 's2']) {
      await end(id);
      await service.sign(id);
      nowMs += dayMs;
    }
    expect((await service.roots()).map(({ day }) => day)).toEqual(
      ['2026-01-06', '2026-01-05'].slice(nowMs < Date.UTC(2026, 0, 7) ? 1 : 0),
    );
  });
});

describe('keys', () => {
  test('are created once, also by two replicas that start together, and survive a restart', async () => {
    const keys = await service.publicKeys();
    expect(keys[0]).toEqual({
      key_id: expect.any(String),
      public_key: expect.any(String),
      created_at: expect.any(String),
    });
    const again = new RecordsDatabase({ kind: 'sqlite', file });
    databases.push(again);
    expect(await open(again).publicKeys()).toEqual(keys);
  });

  test('rotate after 90 days, and receipts of the older key stay valid', async () => {
    await end('s1');
    await service.sign('s1');
    nowMs += 90 * dayMs + 1;
    await end('s2');
    await service.sign('s2');
    const [first, second] = [
      (await service.find('s1', null))!.receipt.key_id,
      (await service.find('s2', null))!.receipt.key_id,
    ];
    expect(second).not.toBe(first);
    expect((await service.publicKeys()).map(({ key_id: id }) => id)).toEqual([second, first]);
    expect(await problemOf('s1')).toBeNull();
    expect(await problemOf('s2')).toBeNull();
  });

  test('never leave the server', async () => {
    await service.publicKeys();
    const [secret] = await database.run((db) => db.selectFrom('signing_keys').select('private_key').execute());
    await end('s1');
    await service.sign('s1');
    nowMs += dayMs;
    const shown = JSON.stringify([await service.publicKeys(), await service.find('s1', null), await service.roots()]);
    expect(shown).not.toContain(secret?.private_key);
  });
});
