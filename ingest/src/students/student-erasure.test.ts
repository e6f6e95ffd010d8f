import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import { dumpFileName } from '../dump/frames-dump.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { StudentRecords } from '../records/student-records.ts';
import { pageSessions } from './session-pages.ts';
import { StudentErasure } from './student-erasure.ts';

const at = '2026-01-05T09:00:00.000Z';
let database: RecordsDatabase;
let records: StudentRecords;
let erasure: StudentErasure;
let dumpDir: string;
/** Sessions whose frames and analysis were cleared, in order. */
let cleared: string[];
let frameStoreFails: boolean;

beforeEach(async () => {
  const folder = await makeFolder();
  dumpDir = join(folder, 'dumps');
  mkdirSync(dumpDir);
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new StudentRecords(database);
  cleared = [];
  frameStoreFails = false;
  erasure = new StudentErasure({
    records,
    frames: {
      async clear(sessionId: string) {
        if (frameStoreFails) throw new Error('frame store away');
        cleared.push(sessionId);
      },
    } as unknown as FrameStore,
    analysis: { clear: async () => undefined } as unknown as RunningAnalysis,
    dumpDir,
    log: pino({ level: 'silent' }),
    now: () => Date.parse(at),
  });
});
afterEach(() => database.close());
afterAll(removeFolders);

const begin = async (sessionId: string, memberId = 'zoe'): Promise<void> => {
  const sessions = new SessionRecords(database);
  await sessions.create({ sessionId, examId: null, memberId, startedAt: at, actor: memberId });
};
/** A session that has ended, with a report and a dump. */
const end = async (sessionId: string, memberId = 'zoe'): Promise<void> => {
  await begin(sessionId, memberId);
  const session = (await new SessionRecords(database).find(sessionId))!;
  const ends = new SessionEndRecords(database);
  await ends.claimEnd(sessionId, 'claim', Date.parse(at), 60_000);
  await ends.finishEnd(
    { session, endedAt: at, rulesVersion: '3', report: '{}', dumpFile: 'd', actor: memberId },
    'claim',
  );
  writeFileSync(join(dumpDir, dumpFileName(sessionId)), '{}');
};
const hasDump = (sessionId: string): boolean => existsSync(join(dumpDir, dumpFileName(sessionId)));
const auditOf = (action: string) =>
  database.run((db) => db.selectFrom('audit').selectAll().where('action', '=', action).orderBy('audit_id').execute());

describe('erasing a student', () => {
  test('removes frames, dumps and records of every session, and nothing of others', async () => {
    for (const id of ['s1', 's2']) await end(id);
    await end('bobs', 'bob');
    expect(await erasure.erase('zoe', 'root')).toMatchObject({
      status: 'erased',
      sessions: 2,
      rows: { sessions: 2, exam_analyses: 2 },
    });
    expect(cleared).toEqual(['s1', 's2']);
    expect(['s1', 's2', 'bobs'].map(hasDump)).toEqual([false, false, true]);
    expect(await records.isKnown('zoe')).toBe(false);
    expect(await records.isKnown('bob')).toBe(true);
  });

  test('leaves a line in the audit that names nobody, and can be found by whoever knows the id', async () => {
    await end('s1');
    await erasure.erase('zoe', 'root');
    const [line] = await auditOf('student.erased');
    expect(line).toMatchObject({ actor: 'root', at });
    expect(line?.detail).not.toContain('zoe');
    expect(JSON.parse(line?.detail ?? '')).toMatchObject({
      student: expect.stringMatching(/^erased:[\da-f]{32}$/),
      salt: expect.stringMatching(/^[\da-f]{32}$/),
      sessions: 1,
    });
    const started = await auditOf('session.started');
    expect(started[0]).toMatchObject({
      actor: JSON.parse(line?.detail ?? '').student,
      session_id: expect.stringMatching(/^erased:/),
      detail: null,
    });
  });

  test('gives another pseudonym each time, so that two erasures cannot be tied together', async () => {
    for (const id of ['s1', 's2']) {
      await end(id);
      await erasure.erase('zoe', 'root');
    }
    const lines = (await auditOf('student.erased')).map(({ detail }) => JSON.parse(detail ?? '').student);
    expect(new Set(lines).size).toBe(2);
  });

  test('works through more sessions than one page', async () => {
    const count = pageSessions + 5;
    await database.run((db) =>
      db
        .insertInto('sessions')
        .values(
          Array.from({ length: count }, (_, index) => ({
            session_id: `s${index}`,
            exam_id: null,
            member_id: 'zoe',
            status: 'ended' as const,
            started_at: at,
            ended_at: at,
            end_claim: null,
            end_claim_until: null,
            frames_cleared_at: at,
          })),
        )
        .execute(),
    );
    expect(await erasure.erase('zoe', 'root')).toMatchObject({ sessions: count, rows: { sessions: count } });
    expect(cleared).toHaveLength(count);
  });

  test('is refused while a session runs, which is named, and removes nothing', async () => {
    await end('s1');
    await begin('s2');
    expect(await erasure.erase('zoe', 'root')).toEqual({ status: 'running', sessionIds: ['s2'] });
    expect([cleared, hasDump('s1')]).toEqual([[], true]);
  });

  test('finds nothing of somebody unknown', async () => {
    expect(await erasure.erase('nobody', 'root')).toEqual({ status: 'nothing' });
    expect(await auditOf('student.erased')).toEqual([]);
  });

  test('that was cut off is finished when it is asked for again', async () => {
    await end('s1');
    frameStoreFails = true;
    await expect(erasure.erase('zoe', 'root')).rejects.toThrow('frame store away');
    // The records still point to the frames and the dump.
    expect(await records.isKnown('zoe')).toBe(true);
    frameStoreFails = false;
    expect(await erasure.erase('zoe', 'root')).toMatchObject({ status: 'erased', sessions: 1 });
    expect(hasDump('s1')).toBe(false);
  });

  test('does not mind a dump that is gone already', async () => {
    await end('s1');
    const { unlinkSync } = await import('node:fs');
    unlinkSync(join(dumpDir, dumpFileName('s1')));
    expect(await erasure.erase('zoe', 'root')).toMatchObject({ status: 'erased' });
  });
});

describe('erasing one session', () => {
  const eraseSession = async (sessionId: string) =>
    erasure.eraseSession((await new SessionRecords(database).find(sessionId))!, 'root');

  test('leaves the student’s other sessions, and a line that names neither', async () => {
    for (const id of ['s1', 's2']) await end(id);
    expect(await eraseSession('s1')).toMatchObject({ status: 'erased', sessions: 1, rows: { sessions: 1 } });
    expect(['s1', 's2'].map(hasDump)).toEqual([false, true]);
    expect(cleared).toEqual(['s1']);
    const [line] = await auditOf('session.erased');
    expect(line?.actor).toBe('root');
    expect(line?.detail).not.toMatch(/s1|zoe/);
  });

  test('is refused while it runs', async () => {
    await begin('s1');
    expect(await eraseSession('s1')).toEqual({ status: 'running', sessionIds: ['s1'] });
    expect(cleared).toEqual([]);
  });
});
