import { request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import { BlockList } from 'node:net';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config.ts';
import { ClientAddresses } from '../../network/client-addresses.ts';
import { RefusedOrigins } from '../../realtime/refused-origins.ts';
import { answerProblems } from './answer-problems.ts';
import { crossOrigin } from './cross-origin.ts';

const log = pino({ level: 'silent' });
const listed = 'https://exam.example.org';
/** Without and with tokens. */
const policies = {
  dev: loadConfig({ ALLOWED_ORIGINS: listed }),
  jwt: loadConfig({ AUTH: 'jwt', JWT_SECRET: 'x'.repeat(40), ALLOWED_ORIGINS: listed, HOST: '0.0.0.0' }),
};
let policy: keyof typeof policies;
let server: Server;
let port: number;
let changes: number;

beforeAll(async () => {
  const app = express();
  app.use((request, response, next) =>
    crossOrigin(policies[policy], new ClientAddresses(new BlockList()), new RefusedOrigins(log, Date.now))(
      request,
      response,
      next,
    ),
  );
  app.get('/', (_request, response) => void response.send('read'));
  app.post('/', (_request, response) => {
    changes += 1;
    response.send('changed');
  });
  app.use(answerProblems(log, { answerRefused: (_request, answer) => answer() }));
  server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  policy = 'dev';
  changes = 0;
});

interface Got {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
}

/** `fetch` does not let a caller choose Host and Origin. */
const ask = (method: string, headers: Record<string, string>): Promise<Got> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path: '/', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers }));
    });
    request.on('error', reject);
    request.end();
  });
const own = (): string => `http://127.0.0.1:${port}`;

describe('a request from a page', () => {
  test('of this server may change things', async () => {
    const { status, headers } = await ask('POST', { origin: own() });
    expect([status, changes]).toEqual([200, 1]);
    expect(headers['access-control-allow-origin']).toBe(own());
  });

  test('of a listed origin may change things and read the answer', async () => {
    const { status, headers } = await ask('POST', { origin: listed });
    expect([status, changes]).toEqual([200, 1]);
    expect(headers['access-control-allow-origin']).toBe(listed);
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(headers['vary']).toContain('Origin');
  });

  test.each([
    'https://evil.example.org',
    'https://exam.example.org.evil.example',
    'http://exam.example.org',
    'https://exam.example.org:8443',
    'null',
    'file://',
  ])('of %s changes nothing, and its browser keeps it from reading', async (origin) => {
    const change = await ask('POST', { origin });
    expect([change.status, changes]).toEqual([403, 0]);
    const read = await ask('GET', { origin });
    expect(read.status).toBe(200);
    for (const { headers } of [change, read]) expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('is told before it asks what it may send', async () => {
    const { status, headers } = await ask('OPTIONS', { origin: listed, 'access-control-request-method': 'PUT' });
    expect(status).toBe(204);
    expect(headers['access-control-allow-methods']).toContain('PUT');
    expect(headers['access-control-allow-headers']).toContain('Authorization');
    expect((await ask('OPTIONS', { origin: 'https://evil.example.org' })).status).toBe(403);
  });
});

test('a program, which sends no origin, may do anything', async () => {
  const { status, headers } = await ask('POST', {});
  expect([status, changes]).toEqual([200, 1]);
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

describe('the host of a request', () => {
  test.each(['localhost', '127.0.0.1', '[::1]'])('without tokens may be %s', async (host) => {
    expect((await ask('POST', { host: `${host}:${port}` })).status).toBe(200);
  });

  test('without tokens must be this machine’s, so that a foreign name that leads here gets nothing', async () => {
    for (const method of ['GET', 'POST']) {
      expect((await ask(method, { host: 'evil.example.org' })).status).toBe(403);
    }
    expect(changes).toBe(0);
  });

  test('with tokens may be any', async () => {
    policy = 'jwt';
    expect((await ask('POST', { host: 'exam.example.org' })).status).toBe(200);
  });
});
