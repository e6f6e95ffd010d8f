import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problemCodes } from '@invigil/protocol/channels';
import { ExamRefusal } from '../../exams/exam-refusal.ts';
import {
  IngestError,
  busUnavailable,
  busy,
  frameStoreUnavailable,
  keysUnavailable,
  recordsUnavailable,
  tooManyGaps,
} from '../../model/ingest-error.ts';
import { HttpProblem, statusOf } from '../problems/http-problem.ts';
import { answerProblems } from './answer-problems.ts';

let thrown: unknown;
let afterHeaders = false;
const logged: Record<string, unknown>[] = [];
let server: Server;
let origin: string;

beforeAll(async () => {
  const log = pino({ level: 'info' }, { write: (line) => void logged.push(JSON.parse(line)) });
  const app = express();
  app.post('/', express.json({ limit: 100 }), (_request, response) => {
    if (afterHeaders) response.write('half');
    throw thrown;
  });
  app.use(answerProblems(log, { answerRefused: (_request, answer) => answer() }));
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const answerTo = async (error: unknown, body = '{}', headers: Record<string, string> = {}) => {
  thrown = error;
  logged.length = 0;
  const response = await fetch(origin, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { response, json: (await response.json()) as Record<string, unknown> };
};

describe('every problem code', () => {
  test.each(problemCodes)('%s is answered with its status, title and type', async (code) => {
    const { response, json } = await answerTo(new HttpProblem(code, 'some detail', { field: 'some_field' }));
    expect(response.status).toBe(statusOf[code]);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(json).toEqual({
      type: `urn:invigil:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: response.statusText,
      status: statusOf[code],
      detail: 'some detail',
      code,
      field: 'some_field',
    });
    expect(logged).toEqual([]);
  });
});

describe('errors of other parts', () => {
  test.each([
    [frameStoreUnavailable('timeout'), 503, 'STORE_UNAVAILABLE', 'the frame store does not answer: timeout', '2'],
    [
      busy('too many analyses are already queued'),
      503,
      'SERVER_BUSY',
      'too many analyses are already queued; try again later',
      '5',
    ],
    [recordsUnavailable(new Error('10.0.0.5')), 503, 'STORE_UNAVAILABLE', 'the records do not answer', '2'],
    [busUnavailable('cut'), 503, 'STORE_UNAVAILABLE', 'the bus does not answer: cut', '2'],
    [keysUnavailable(null), 503, 'STORE_UNAVAILABLE', 'the key server does not answer', '2'],
    [new IngestError('end_in_progress', 'still ending'), 503, 'STORE_UNAVAILABLE', 'still ending', '2'],
    [new IngestError('too_many_sessions', 'at most 50'), 429, 'RATE_EXCEEDED', 'at most 50', '3600'],
    [new IngestError('unknown_rules', 'no such rules'), 400, 'INVALID_MESSAGE', 'no such rules', null],
    [tooManyGaps(3), 400, 'INVALID_MESSAGE', expect.stringContaining('at most 3 gaps'), null],
    [new ExamRefusal('WRONG_STATUS', 'it is over'), 409, 'WRONG_STATUS', 'it is over', null],
  ])('%o', async (error, status, code, detail, retryAfter) => {
    const { response, json } = await answerTo(error);
    expect(json).toMatchObject({ status, code, detail });
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(retryAfter);
  });

  test('never show a driver’s message, which may hold an address or a password', async () => {
    const { json } = await answerTo(recordsUnavailable(new Error('password "hidden" refused at 10.0.0.5')));
    expect(JSON.stringify(json)).not.toMatch(/hidden|10\.0/);
  });

  test.each([new TypeError('secret detail'), 'a thrown text', { status: 'odd' }, { status: 500 }])(
    'answers 500 without internals and logs %o',
    async (error) => {
      const { response, json } = await answerTo(error);
      expect(response.status).toBe(500);
      expect(json).toMatchObject({ code: 'INTERNAL', detail: 'internal error; see the server log' });
      expect(JSON.stringify(json)).not.toContain('secret');
      expect(logged.map(({ event }) => event)).toEqual(['http.failed']);
    },
  );

  test('ask for a token in the way that HTTP has for it', async () => {
    const { response } = await answerTo(new HttpProblem('AUTH_FAILED', 'the token is missing'));
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const other = await answerTo(new HttpProblem('ACCESS_DENIED', 'no'));
    expect(other.response.headers.get('www-authenticate')).toBeNull();
  });

  test('say when a request may be repeated', async () => {
    const { response } = await answerTo(new HttpProblem('RATE_EXCEEDED', 'slower', { retryAfterSeconds: 7 }));
    expect(response.headers.get('retry-after')).toBe('7');
  });
});

describe('bodies that cannot be read', () => {
  test('broken JSON is the client’s error', async () => {
    const { response, json } = await answerTo(null, '{"a":');
    expect(response.status).toBe(400);
    expect(json).toMatchObject({ code: 'BAD_JSON', detail: expect.stringContaining('could not be read') });
  });

  test('a long value in the parser’s message is cut', async () => {
    const { json } = await answerTo(null, `{"a":"b" ${'x'.repeat(80)}`);
    expect(String(json['detail']).length).toBeLessThan(260);
  });

  test('a body over the limit is answered 413 with the limit', async () => {
    const { response, json } = await answerTo(null, JSON.stringify({ a: 'x'.repeat(200) }));
    expect(response.status).toBe(413);
    expect(json).toMatchObject({ code: 'MESSAGE_TOO_BIG', detail: 'the body is larger than allowed: 100 bytes' });
  });

  test('an unknown encoding is the client’s error', async () => {
    const { response, json } = await answerTo(null, '{}', { 'content-encoding': 'rot13' });
    expect(response.status).toBe(400);
    expect(json).toMatchObject({ code: 'BAD_JSON' });
  });
});

test('an answer that has begun is cut off, so that the client does not take it for complete', async () => {
  afterHeaders = true;
  thrown = new Error('while sending');
  logged.length = 0;
  try {
    const reading = fetch(origin, { method: 'POST', body: '{}' }).then((response) => response.text());
    await expect(reading).rejects.toThrow(/terminated|fetch failed/);
    expect(logged.map(({ event }) => event)).toContain('http.cut_off');
  } finally {
    afterHeaders = false;
  }
});
