import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '../../src/openapi/operations.ts';
import { LiveClient, socketOf } from '../live-client.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';

let server: TestServer;

/** The server runs in this process, so changes to Object.prototype are visible here. */
const prototypes = (): string[] =>
  [Object, Array, String, Function].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype));
const untouched = prototypes();

beforeAll(async () => {
  server = await startServer();
  await server.ask('POST', '/api/v1/exams', { exam_id: 'physics' });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const poisons = ['"__proto__":{"polluted":true,"role":"ADMIN"}', '"constructor":{"prototype":{"polluted":true}}'];

test('no body or query of any route reaches Object.prototype', async () => {
  for (const { method, path } of operations) {
    const filled = path.replaceAll(/\{\w+\}/g, 'physics');
    for (const poison of poisons) {
      const body = `{${poison},"exam_id":{${poison}},"policy":{${poison}},"accommodations":[{"name":"a","longer":{${poison}}}]}`;
      await server.ask(
        method.toUpperCase(),
        `${filled}?__proto__[polluted]=1&constructor[prototype][polluted]=1`,
        method === 'get' ? undefined : body,
      );
    }
  }
  expect(prototypes()).toEqual(untouched);
  expect('polluted' in {}).toBe(false);
});

test('ids and types named like a property of every object are treated like any other', async () => {
  await server.ask('POST', '/api/v1/session/ws/fallback', { session_id: 'physics', type: 'ping' });
  for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    expect((await server.ask('GET', `/api/v1/session/${name}`)).status).toBe(404);
    expect((await server.ask('POST', `/api/v1/session/physics/analyze?rules=${name}`)).status).toBe(400);
    expect((await server.ask('GET', `/api/v1/session/physics/report?format=${name}`)).status).toBe(400);
    const counted = await server.ask('POST', '/api/v1/counters/agent', { classroom_ids: [name] });
    expect(counted.json).toEqual({ [name]: 0 });
  }
});

test.each([
  '/api/v1/session/ws/poisoned',
  '/api/v1/websocket/physics/ws',
  '/ws/sentinel',
  '/ws/proctor',
  '/ws/presence',
  '/ws/alerts/dev',
])('no message on %s reaches it either', async (path) => {
  for (const poison of poisons) {
    const client = await LiveClient.open(socketOf(server) + path);
    for (const type of [
      'batch',
      'losses',
      'hello',
      'ack',
      'sentinel.register',
      'proctor.register',
      'connect_request',
      '__proto__',
    ]) {
      client.socket.send(
        `{"type":"${type}",${poison},"payload":{${poison}},"counts":{${poison}},"frames":[{"seq":0,"timestamp":1,"unknown":{${poison}}}]}`,
      );
    }
    client.socket.close();
    await client.closed;
  }
  expect(prototypes()).toEqual(untouched);
});
