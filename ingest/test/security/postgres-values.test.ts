import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LiveClient, socketOf } from '../live-client.ts';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';

/**
 * Values that SQLite accepts and Postgres does not: the client gets an error about the value, not about the records.
 */
let postgres: PostgresService;
let server: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startServer({ DATABASE_URL: postgres.url });
});
afterAll(async () => {
  await server?.close();
  await postgres?.remove();
  await removeFolders();
});

test.each([
  ['POST', '/api/v1/exams', { title: 'a\0b' }, 400],
  ['POST', '/api/v1/exams/physics/enrolments', { students: [{ student_id: 'ada', student_name: 'A\0da' }] }, 400],
  ['GET', '/api/v1/classrooms/physics/agents?sequence_id=999999999999999', undefined, 400],
  ['POST', '/api/v1/webhooks/deliveries/msg%00/retry', undefined, 404],
])('%s %s with %o is answered %i', async (method, path, body, status) => {
  expect(await server.ask(method, path, body)).toMatchObject({ status });
});

test.each([
  ['alert_id', { type: 'ack', stream_id: 's', alert_id: 'a\0' }],
  ['stream_id', { type: 'ack', stream_id: 's\0' }],
  ['note', { type: 'ack', stream_id: 's', alert_id: 'a', note: 'n\0' }],
])('an acknowledgement with a bad %s is refused, and the connection stays open', async (_field, ack) => {
  const client = await LiveClient.open(`${socketOf(server)}/ws/alerts/tina`);
  client.send(ack);
  expect(await client.next('error')).toMatchObject({ code: 'INVALID_MESSAGE' });
  client.send({ type: 'ping' });
  await client.next('pong');
  client.socket.close();
  await client.closed;
});
