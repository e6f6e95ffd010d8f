import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { budgetTable } from '../../src/budget/budget-table.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret, PUBLIC_URL: 'https://exam.example.org' });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

/** The code with which the server closes after the message. */
const closeCodeAfter = (path: string, text: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(server.origin.replace('http', 'ws') + path);
    socket.on('open', () => socket.send(text, () => undefined));
    socket.on('close', resolve);
    socket.on('error', reject);
  });

const { limit } = budgetTable.anonymousBytes;

test.each(['/ws/sentinel', '/ws/proctor', '/ws/presence'])(
  '%s reads no more than the limit before a client identifies itself',
  async (path) => {
    const text = `{"type":"sentinel.register","payload":${'['.repeat(limit * 8)}`;
    expect(await closeCodeAfter(path, text)).toBe(1009);
  },
);

test('the remaining bytes of a refused client are not read either', async () => {
  expect(await closeCodeAfter('/api/v1/session/ws/none?token=wrong', 'x'.repeat(100))).toBe(1008);
});

test('a registered client may send large messages', async () => {
  const teacher = bearer(await tokenOf('tina', 'TEACHER'));
  const { json } = await server.ask('POST', '/api/v1/exams', { exam_id: 'physics', title: 'Physics' }, teacher);
  await server.ask('POST', '/api/v1/exams/physics/enrolments', { students: [{ student_id: 'ada' }] }, teacher);
  await server.ask('POST', '/api/v1/exams/physics/open', undefined, teacher);
  const auth = await tokenOf('ada', 'STUDENT');
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/ws/sentinel`);
  const payload = { pin: Number(json.pin), auth };
  socket.on('open', () => socket.send(JSON.stringify({ type: 'sentinel.register', payload, timestamp: 1 })));
  const answered = await new Promise<string>((resolve) =>
    socket.once('message', (data: Buffer) => resolve(data.toString('utf8'))),
  );
  expect(answered).toContain('server.registration.ack');
  socket.send(JSON.stringify({ type: 'sentinel.frame', payload: [], filler: 'x'.repeat(limit * 4), timestamp: 1 }));
  const pong = new Promise((resolve) => socket.once('pong', resolve));
  socket.ping();
  await pong;
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});

test('a page of this server is allowed behind a proxy that rewrites Host', async () => {
  const headers = { ...bearer(await tokenOf('tina', 'TEACHER')), Origin: 'https://exam.example.org' };
  expect((await server.ask('POST', '/api/v1/exams', { title: 'x' }, headers)).status).toBe(201);
  const foreign = { ...headers, Origin: 'https://elsewhere.example.org' };
  expect((await server.ask('POST', '/api/v1/exams', { title: 'x' }, foreign)).status).toBe(403);
});

test('a student’s highlights are bounded, with a clear error', async () => {
  const teacher = bearer(await tokenOf('tina', 'TEACHER'));
  const ada = bearer(await tokenOf('ada', 'STUDENT'));
  await server.ask('POST', '/api/v1/exams/physics/start', undefined, teacher);
  const highlight = () => server.ask('POST', '/api/v1/exams/physics/highlights', { passage_id: 'p', text: 't' }, ada);
  const { limit: most } = budgetTable.highlights;
  expect((await highlight()).status).toBe(201);
  const db = new Database(join(server.dataDir, 'records.db'));
  const insert = db.prepare(
    `insert into exam_highlights (exam_id, student_id, passage_id, text, at) values ('physics', 'ada', 'p', 't', '')`,
  );
  db.exec('BEGIN');
  for (let count = 1; count < most; count += 1) insert.run();
  db.exec('COMMIT');
  db.close();
  const refused = await highlight();
  expect(refused.status).toBe(429);
  expect(refused.json.detail).toContain(`${most} highlights`);
});
