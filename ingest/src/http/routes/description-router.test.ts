import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReportSchema } from '@invigil/protocol/report';
import { answerNotFound } from '../middleware/not-found.ts';
import { descriptionRouter } from './description-router.ts';
import { schemaRouter } from './schema-router.ts';
import { staticRouter } from './static-router.ts';

let home: string;
let server: Server;
let origin: string;
const made = { openapi: 0, asyncapi: 0, reference: 0 };
const document = (name: keyof typeof made) => async () => {
  made[name] += 1;
  return { name };
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'invigil-pages-'));
  for (const folder of ['models', 'site/assets']) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, 'secret.txt'), 'secret');
  writeFileSync(join(home, 'models', 'face.json'), '{}');
  writeFileSync(join(home, 'site', 'index.html'), '<h1>start</h1>');
  writeFileSync(join(home, 'site', 'exam.html'), '<h1>exam</h1>');
  writeFileSync(join(home, 'site', 'assets', 'app-1a2b.js'), 'code');
  const app = express();
  app.use(
    descriptionRouter({
      openapi: document('openapi'),
      asyncapi: document('asyncapi'),
      reference: document('reference'),
    }),
  );
  app.use('/api/v1/schemas', schemaRouter());
  app.use(staticRouter({ modelsDir: join(home, 'models'), demoDir: join(home, 'site') }));
  app.use(answerNotFound);
  server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const get = async (path: string) => {
  const response = await fetch(origin + path);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('descriptions', () => {
  test.each([
    ['/openapi.json', 'openapi'],
    ['/asyncapi.json', 'asyncapi'],
    ['/docs/reference.json', 'reference'],
  ] as const)('%s is made once, on its first request, and may be cached', async (path, name) => {
    expect(made[name]).toBe(0);
    for (let times = 0; times < 2; times += 1) {
      const { headers, text } = await get(path);
      expect(JSON.parse(text)).toEqual({ name });
      expect(headers.get('content-type')).toContain('application/json');
      expect(headers.get('cache-control')).toBe('public, max-age=300');
    }
    expect(made[name]).toBe(1);
  });

  test('the page loads its script and its document from this server alone', async () => {
    const { text, headers } = await get('/docs');
    expect(headers.get('content-type')).toContain('text/html');
    expect(text).toContain('<script src="/docs/redoc.js">');
    expect(text).toContain('spec-url="/docs/reference.json"');
    expect(text.replaceAll("img[src^='https:']", '')).not.toMatch(/https?:/);
    const script = await get('/docs/redoc.js');
    expect(script.status).toBe(200);
    expect(script.text).not.toContain('https://cdn.redoc.ly');
  });

  test('the report’s JSON Schema allows what the server’s own schema requires', async () => {
    const { text, headers } = await get('/api/v1/schemas/report.json');
    const schema = JSON.parse(text);
    expect(headers.get('content-type')).toContain('application/schema+json');
    expect(schema).toMatchObject({ $id: 'urn:invigil:schema:report', type: 'object' });
    const known = Object.keys((ReportSchema as unknown as v.ObjectSchema<v.ObjectEntries, undefined>).entries);
    expect(Object.keys(schema.properties).toSorted((a, b) => a.localeCompare(b))).toEqual(
      known.toSorted((a, b) => a.localeCompare(b)),
    );
  });
});

describe('pages and models', () => {
  test.each([
    ['/', 'start', 'no-cache'],
    ['/exam', 'exam', 'no-cache'],
    ['/exam.html', 'exam', 'no-cache'],
    ['/assets/app-1a2b.js', 'code', 'public, max-age=31536000, immutable'],
    ['/models/face.json', '{}', 'public, max-age=31536000, immutable'],
  ])('%s is served with the caching that its name allows', async (path, text, cacheControl) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(text);
    expect(answer.headers.get('cache-control')).toBe(cacheControl);
  });

  test.each([
    '/none',
    '/models/',
    '/models/none.json',
    '/assets/none.js',
    '/%2e%2e/secret.txt',
    '/models/..%2fsecret.txt',
  ])('%s is not found', async (path) => {
    const { status, text } = await get(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toContain('secret.txt');
    expect(text).not.toBe('secret');
  });
});
