import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { Sessions } from './sessions.ts';

let folder: string;
let exams = 0;
/** The exam of a test. */
let physics: string;
let nowMs: number;
let database: RecordsDatabase;
let records: SessionRecords;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-sessions-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new SessionRecords(database);
});
beforeEach(() => {
  physics = `physics-${exams++}`;
  nowMs = Date.UTC(2026, 0, 5, 9);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const sessions = (createOnFirstUse = false): Sessions => new Sessions({ records, createOnFirstUse, now: () => nowMs });
const end = async (sessionId: string): Promise<void> => {
  const ends = new SessionEndRecords(database);
  const session = await records.find(sessionId);
  await ends.claimEnd(sessionId, 'claim', nowMs, 60_000);
  const endedAt = new Date(nowMs).toISOString();
  await ends.finishEnd(
    { session: session!, endedAt, rulesVersion: '3', report: '{}', dumpFile: 'x.json', actor: 'ada' },
    'claim',
  );
};

describe('starting a session', () => {
  test('makes one with the student, the exam and the server’s time', async () => {
    const session = await sessions().start(physics, 'ada', 'teacher');
    expect(session).toMatchObject({
      examId: physics,
      memberId: 'ada',
      status: 'running',
      startedAt: '2026-01-05T09:00:00.000Z',
      endedAt: null,
    });
    expect(await records.find(session.sessionId)).toEqual(session);
  });

  test('again returns the running one', async () => {
    const first = await sessions().start(physics, 'ada', 'ada');
    nowMs += 3_600_000;
    expect(await sessions().start(physics, 'ada', 'ada')).toEqual(first);
  });

  test('of another exam or student makes another one', async () => {
    const first = await sessions().start(physics, 'ada', 'ada');
    const others = [await sessions().start('history', 'ada', 'ada'), await sessions().start(physics, 'bob', 'bob')];
    expect(new Set([first, ...others].map(({ sessionId }) => sessionId)).size).toBe(3);
  });

  test('after the end makes a new one', async () => {
    const first = await sessions().start(physics, 'ada', 'ada');
    await end(first.sessionId);
    const second = await sessions().start(physics, 'ada', 'ada');
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(second.status).toBe('running');
  });

  test('is refused after 50 sessions in a day, and possible again a day later', async () => {
    for (let count = 0; count < 50; count += 1) {
      await end((await sessions().start(physics, 'ada', 'ada')).sessionId);
      nowMs += 1000;
    }
    await expect(sessions().start(physics, 'ada', 'ada')).rejects.toMatchObject({ reason: 'too_many_sessions' });
    expect(await sessions().start(physics, 'bob', 'bob')).toMatchObject({ status: 'running' });
    nowMs += 86_400_000 - 49_000;
    expect(await sessions().start(physics, 'ada', 'ada')).toMatchObject({ status: 'running' });
  });
});

describe('opening a session by its id', () => {
  test('finds one that exists', async () => {
    const session = await sessions().start(physics, 'ada', 'ada');
    expect(await sessions().open(session.sessionId)).toEqual(session);
    expect(await sessions().find(session.sessionId)).toEqual(session);
  });

  test('finds nothing where it does not', async () => {
    expect(await sessions().open('demo_session')).toBeNull();
    expect(await records.find('demo_session')).toBeNull();
  });

  test('makes it on first use in a try-out, and never twice', async () => {
    const opened = await Promise.all(Array.from({ length: 5 }, () => sessions(true).open('demo_session')));
    expect(opened[0]).toMatchObject({ sessionId: 'demo_session', examId: null, memberId: null, status: 'running' });
    expect(new Set(opened.map((session) => JSON.stringify(session))).size).toBe(1);
  });
});
