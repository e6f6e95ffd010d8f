import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let exams: ExamServer;
const sockets: WebSocket[] = [];
beforeAll(async () => {
  exams = await startExamServer();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const list = (who: Person) => exams.server.ask('GET', '/ws/connections', undefined, exams.as[who]);
/** Connects to the alerts channel and waits until the server lists it. */
const connect = async (who: 'tina' | 'tom'): Promise<WebSocket> => {
  const origin = exams.server.origin.replace('http', 'ws');
  const socket = new WebSocket(`${origin}/ws/alerts/${who}?token=${exams.tokens[who]}`);
  sockets.push(socket);
  await once(socket, 'open');
  await waitFor(async () => expect(await usersIn()).toContain(who), 5000);
  return socket;
};
const usersIn = async (): Promise<string[]> =>
  (await list('root')).json.connections.map((each: { user_id: string }) => each.user_id);

test('the list is empty without connections', async () => {
  await expect.poll(() => list('root').then(({ json }) => json)).toEqual({ total_connections: 0, connections: [] });
});

test('lists connections in the order in which they came, with times', async () => {
  await connect('tom');
  await connect('tina');
  const { json } = await list('root');
  expect(json).toMatchObject({
    total_connections: 2,
    connections: [
      { user_id: 'tom', connected: true },
      { user_id: 'tina', connected: true },
    ],
  });
  const [{ uptime_seconds: uptime, seconds_since_heartbeat: silence, last_heartbeat: at }] = json.connections;
  expect([Number.isInteger(uptime), Number.isInteger(silence), uptime >= 0, silence >= 0]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(new Date(at).toISOString()).toBe(at);
});

test('a connection that is closed leaves the list', async () => {
  const socket = await connect('tom');
  await connect('tina');
  socket.close();
  await expect.poll(usersIn).toEqual(['tina']);
});

test.each([
  ['tina', 403],
  ['ada', 403],
  ['nobody', 401],
] as const)('is refused to %s with %i', async (who, status) => {
  expect((await list(who)).status).toBe(status);
});
