import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageSessions } from '../../src/students/session-pages.ts';
import { dumpFileName } from '../../src/dump/frames-dump.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

const count = pageSessions * 2 + 50;
const examId = 'physics';
let server: TestServer;
let as: Record<'tina' | 'ada' | 'admin', Record<string, string>>;

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret });
  as = {
    tina: bearer(await tokenOf('tina', 'TEACHER')),
    ada: bearer(await tokenOf('ada', 'STUDENT')),
    admin: bearer(await tokenOf('root', 'ADMIN')),
  };
  const policy = { report_to_student: false };
  await server.ask('POST', '/api/v1/exams', { exam_id: examId, title: 'Physics', policy }, as.tina);
  const students = [{ student_id: 'ada' }, { student_id: 'bob' }];
  await server.ask('POST', `/api/v1/exams/${examId}/enrolments`, { students }, as.tina);
  const db = new Database(join(server.dataDir, 'records.db'));
  const at = (index: number): string => new Date(Date.UTC(2026, 0, 5) + index * 1000).toISOString();
  const session = db.prepare(
    `insert into sessions (session_id, exam_id, member_id, status, started_at, ended_at, frames_cleared_at)
     values (?, ?, ?, 'ended', ?, ?, ?)`,
  );
  const report = db.prepare(
    `insert into exam_analyses (session_id, version, exam_id, member_id, rules_version, report, dump_file, created_at)
     values (?, 1, ?, 'ada', '2', '{"secret":1}', '', ?)`,
  );
  const entry = db.prepare(
    `insert into review_entries (session_id, at, actor, kind, observation_id, value, note) values (?, ?, ?, ?, null, ?, ?)`,
  );
  db.exec('BEGIN');
  for (let index = 0; index < count; index += 1) {
    session.run(`s-${index}`, examId, 'ada', at(index), at(index), at(index));
    report.run(`s-${index}`, examId, at(index));
  }
  session.run('bobs', examId, 'bob', at(0), at(0), at(0));
  entry.run('s-0', at(1), 'tina', 'outcome', 'follow_up', 'a private note');
  entry.run('s-0', at(2), 'ada', 'contest', null, 'my own words');
  db.exec('COMMIT');
  db.close();
  await writeFile(join(server.dumpDir, dumpFileName('s-7')), '{"format":"invigil-frames/2"}');
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

test('an exam’s state lists a bounded number of the newest sessions of each student', async () => {
  const { json } = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, as.tina);
  const [ada, bob] = json.students;
  expect(ada.sessions).toHaveLength(20);
  expect(ada.sessions.at(-1).session_id).toBe(`s-${count - 1}`);
  expect(bob.sessions).toMatchObject([{ session_id: 'bobs' }]);
});

test('an administrator’s export holds every session, across pages', async () => {
  const { json } = await server.ask('GET', '/api/v1/students/ada/export', undefined, as.admin);
  expect(json.records.sessions).toHaveLength(count);
  expect(json.records.exam_analyses).toHaveLength(count);
  expect(json.records.review_entries).toMatchObject([{ note: 'a private note' }, { note: 'my own words' }]);
  expect(json.dumps).toHaveLength(1);
});

test('a student’s export contains no report that the exam hides, and no proctor’s note', async () => {
  const { json, text } = await server.ask('GET', '/api/v1/students/ada/export', undefined, as.ada);
  expect(json.records.sessions).toHaveLength(count);
  expect(json.records.exam_analyses).toBeUndefined();
  expect(json.records.review_entries).toMatchObject([{ actor: 'ada', note: 'my own words' }]);
  expect(text).not.toContain('a private note');
  expect(text).not.toContain('secret');
});

test('one session can be erased by itself, and only once it has ended', async () => {
  expect((await server.ask('DELETE', '/api/v1/session/s-7', undefined, as.tina)).status).toBe(403);
  const erased = await server.ask('DELETE', '/api/v1/session/s-7', undefined, as.admin);
  expect(erased.json).toMatchObject({ sessions: 1, rows: { sessions: 1, exam_analyses: 1 } });
  expect((await server.ask('DELETE', '/api/v1/session/s-7', undefined, as.admin)).status).toBe(404);
  const { json } = await server.ask('GET', '/api/v1/students/ada/export', undefined, as.admin);
  expect(json.records.sessions).toHaveLength(count - 1);
  expect(json.dumps).toEqual([]);
});

test('erasing a student’s sessions erases all of theirs, and no others', async () => {
  const { json } = await server.ask('DELETE', '/api/v1/students/ada', undefined, as.admin);
  expect(json).toMatchObject({ sessions: count - 1, rows: { sessions: count - 1, exam_analyses: count - 1 } });
  expect((await server.ask('DELETE', '/api/v1/students/ada', undefined, as.admin)).status).toBe(404);
  expect((await server.ask('GET', '/api/v1/session/bobs', undefined, as.tina)).status).toBe(200);
});
