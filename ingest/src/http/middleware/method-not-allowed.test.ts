import express from 'express';
import { pino } from 'pino';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '../../telemetry/ingest-metrics.ts';
import { answerProblems } from './answer-problems.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { noStore } from './no-store.ts';
import { answerNotFound } from './not-found.ts';
import { requestTimer } from './request-timer.ts';
import { securityHeaders } from './security-headers.ts';

const metrics = createMetrics();
let server: Server;
let origin: string;
beforeAll(async () => {
  const app = express();
  app.use(requestTimer(metrics), securityHeaders(true));
  app.use('/private', noStore);
  app.get('/private/data', (_request, response) => void response.send('data'));
  app.get('/public', (_request, response) => void response.send('public'));
  app.get('/endless', (_request, response) => void response.write('begun'));
  app.use(methodNotAllowed((path) => (path === '/public' ? ['GET', 'HEAD', 'PUT'] : [])));
  app.use(answerNotFound);
  app.use(answerProblems(pino({ level: 'silent' }), { answerRefused: (_request, answer) => answer() }));
  server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = async (method: string, path: string) => {
  const response = await fetch(origin + path, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const timed = async (labels: string): Promise<number> => {
  const line = (await metrics.registry.metrics())
    .split('\n')
    .find((each) => each.startsWith(`invigil_http_seconds_count{${labels}}`));
  return Number(line?.split(' ').at(-1) ?? 0);
};

test('a path with other methods is answered 405 with the allowed ones', async () => {
  const answer = await ask('DELETE', '/public');
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT');
  expect(JSON.parse(answer.text)).toMatchObject({
    code: 'METHOD_NOT_ALLOWED',
    detail: 'DELETE is not allowed on this path; allowed: GET, HEAD, PUT',
  });
});

test('a method that is allowed, but that no route took, is answered 404', async () => {
  expect((await ask('PUT', '/public')).status).toBe(404);
});

test('a path without any method is answered 404', async () => {
  const answer = await ask('DELETE', '/nowhere');
  expect(answer.status).toBe(404);
  expect(answer.headers.get('allow')).toBeNull();
});

test('personal answers are stored by no cache, others may be', async () => {
  expect((await ask('GET', '/private/data')).headers.get('cache-control')).toBe('no-store');
  expect((await ask('GET', '/public')).headers.get('cache-control')).toBeNull();
});

test('every answer forbids foreign scripts, frames and devices', async () => {
  for (const path of ['/public', '/nowhere']) {
    const { headers } = await ask('GET', path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')|https?:/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('permissions-policy')).toBe('camera=(self), microphone=(), geolocation=()');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a server without HTTPS does not demand it', () => {
  const headers: string[] = [];
  const response = { setHeader: (name: string) => headers.push(name.toLowerCase()), removeHeader: () => undefined };
  securityHeaders(false)[0]?.({} as never, response as never, () => undefined);
  expect(headers).toContain('content-security-policy');
  expect(headers).not.toContain('strict-transport-security');
});

test('requests are timed by method and class of the answer, never by path', async () => {
  const before = await timed('method="POST",answer="4xx"');
  await ask('POST', '/student/ada-lovelace');
  expect(await timed('method="POST",answer="4xx"')).toBe(before + 1);
  expect(await metrics.registry.metrics()).not.toContain('ada-lovelace');
});

test('an answer that was cut off is counted as cut', async () => {
  const abort = new AbortController();
  const response = await fetch(`${origin}/endless`, { signal: abort.signal });
  expect(response.status).toBe(200);
  abort.abort();
  await expect.poll(() => timed('method="GET",answer="cut"')).toBe(1);
});
