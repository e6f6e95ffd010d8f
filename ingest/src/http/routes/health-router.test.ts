import express from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { busUnavailable } from '../../model/ingest-error.ts';
import { createMetrics } from '../../telemetry/ingest-metrics.ts';
import { version } from '../../version.ts';
import { healthRouter } from './health-router.ts';
import type { HealthRouterOptions } from './health-router.ts';

let checks: Record<string, () => Promise<void>>;
let facts: Record<string, () => Promise<string | null>>;
let isClosing: boolean;
let server: Server;

let workers: HealthRouterOptions['workers'];
const works = async (): Promise<void> => undefined;
const fails = (): Promise<void> => Promise.reject(new Error('password refused at 10.0.0.5'));
const hangs = (): Promise<void> => new Promise<void>(() => undefined);

beforeEach(async () => {
  checks = { frames: works, records: works, bus: works };
  workers = null;
  facts = {};
  isClosing = false;
  server = await new Promise((resolve) => {
    const app = express();
    app.use((request, response, next) =>
      healthRouter({
        checks,
        facts,
        metrics: createMetrics(),
        workers,
        monotonicMs: () => 0,
        isClosing: () => isClosing,
      })(request, response, next),
    );
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
});
afterEach(() => {
  vi.useRealTimers();
  return new Promise((resolve) => server.close(resolve));
});

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const jsonOf = async (path: string) => {
  const { status, text } = await get(path);
  return { status, json: JSON.parse(text) as unknown };
};

describe('/healthz', () => {
  test('is 200 with every part by name while all work, and in no cache', async () => {
    expect(await jsonOf('/healthz')).toEqual({
      status: 200,
      json: { status: 'ok', version, parts: { frames: 'ok', records: 'ok', bus: 'ok' } },
    });
    expect((await get('/healthz')).headers.get('cache-control')).toBe('no-store');
  });

  test.each(['frames', 'records', 'bus'])('is 503 and names %s if it does not work', async (part) => {
    checks[part] = fails;
    expect(await jsonOf('/healthz')).toMatchObject({
      status: 503,
      json: { status: 'unavailable', parts: { [part]: 'unavailable' } },
    });
  });

  test('never shows why a part failed', async () => {
    checks['records'] = fails;
    expect((await get('/healthz')).text).not.toMatch(/password|10\.0/);
  });

  test('does not wait longer than two seconds for a part that hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    checks['bus'] = () => {
      isAsked();
      return hangs();
    };
    const answer = jsonOf('/healthz');
    await asked;
    await vi.advanceTimersByTimeAsync(2000);
    expect(await answer).toMatchObject({ status: 503, json: { parts: { frames: 'ok', bus: 'no answer in time' } } });
  });

  test('shows facts; null for one that cannot be found out, and for all while a part is away', async () => {
    facts = {
      retention_ran_at: async () => '2026-01-05T09:00:00.000Z',
      other: () => Promise.reject(new Error('away')),
    };
    expect((await jsonOf('/healthz')).json).toMatchObject({
      retention_ran_at: '2026-01-05T09:00:00.000Z',
      other: null,
    });
    checks['records'] = fails;
    expect((await jsonOf('/healthz')).json).toMatchObject({ retention_ran_at: null });
  });

  test('stays 200 while the server stops: it is not broken', async () => {
    isClosing = true;
    expect((await jsonOf('/healthz')).status).toBe(200);
  });
});

describe('/readyz', () => {
  test.each([
    [false, works, 200, 'ready'],
    [false, fails, 503, 'unavailable'],
    [true, works, 503, 'closing'],
    [true, fails, 503, 'closing'],
  ] as const)('closing: %s, %o → %i %s', async (closing, check, status, text) => {
    isClosing = closing;
    checks['frames'] = check;
    expect(await jsonOf('/readyz')).toEqual({ status, json: { status: text } });
  });
});

test('all requests of a second share one check of each part and one query of each fact', async () => {
  let [checked, found, nowMs] = [0, 0, 0];
  const router = healthRouter({
    checks: {
      records: async () => void (checked += 1),
    },
    facts: {
      retention_ran_at: async () => String((found += 1)),
    },
    metrics: createMetrics(),
    workers: null,
    monotonicMs: () => nowMs,
    isClosing: () => false,
  });
  const own = express().use(router).listen(0, '127.0.0.1');
  await once(own, 'listening');
  const ask = (path: string) => fetch(`http://127.0.0.1:${(own.address() as AddressInfo).port}${path}`);
  const askAll = () => Promise.all(['/healthz', '/readyz', '/metrics', '/healthz', '/readyz'].map(ask));
  await askAll();
  nowMs = 999;
  await askAll();
  expect([checked, found]).toEqual([1, 1]);
  nowMs = 1000;
  await askAll();
  expect([checked, found]).toEqual([2, 2]);
  own.close();
});

test('/metrics has a gauge for each part, 1 or 0', async () => {
  checks['bus'] = fails;
  const { headers, text } = await get('/metrics');
  expect(headers.get('content-type')).toContain('text/plain');
  expect(text).toContain('invigil_part_up{part="frames"} 1');
  expect(text).toContain('invigil_part_up{part="bus"} 0');
});

test('a worker is ready for clients while another one starts, but the server is not well', async () => {
  const check = () => Promise.reject(busUnavailable('1 of 2 workers are ready'));
  workers = { check, metrics: async () => 'of all workers' };
  expect(await jsonOf('/healthz')).toMatchObject({
    status: 503,
    json: { parts: { workers: '1 of 2 workers are ready' } },
  });
  expect((await jsonOf('/readyz')).status).toBe(200);
  expect((await get('/metrics')).text).toBe('of all workers');
});
