import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerNotFound } from './not-found.ts';
import { notFoundPage } from './not-found-page.ts';
import { pageLanguages } from './plain-page.ts';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
let server: Server;
beforeAll(async () => {
  const app = express();
  app.use(answerNotFound);
  server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    method,
    headers,
  });
  return { response, text: await response.text() };
};

test.each([
  ['de', 'de'],
  ['es-MX,es;q=0.9', 'es'],
  ['fr', 'en'],
  ['fr,de;q=0.5', 'de'],
  ['', 'en'],
])('a browser that prefers %j gets a page in %s', async (wanted, language) => {
  const { response, text } = await ask('/nowhere', { accept: browser, 'accept-language': wanted });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(response.headers.get('vary')).toContain('Accept-Language');
  expect(text).toContain(`<html lang="${language}">`);
});

test.each([
  ['a program without a preference', '/nowhere', {}, 'GET'],
  ['a program that wants JSON', '/nowhere', { accept: 'application/json' }, 'GET'],
  ['a browser below /api', '/api/v1/nowhere', { accept: browser }, 'GET'],
  ['a form', '/nowhere', { accept: browser }, 'POST'],
] as [string, string, Record<string, string>, string][])('%s gets a problem', async (_what, path, headers, method) => {
  const { response, text } = await ask(path, headers, method);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ code: 'NOT_FOUND', title: 'Not Found', status: 404 });
});

test('the path is not in the answer, so that nothing of a link can be shown as our own words', async () => {
  for (const headers of [{ accept: browser }, { accept: '*/*' }]) {
    expect((await ask('/call-this-number-now', headers)).text).not.toContain('call-this-number');
  }
});

describe.each(pageLanguages)('the page in %s', (language) => {
  test('loads nothing from elsewhere and leads to the start page', () => {
    const page = notFoundPage(language);
    expect(page).toContain('<a href="/">');
    expect(page).not.toMatch(/https?:|<script/);
  });
});
