import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { version } from '../src/version.ts';
import { SessionClient, batch, startMs } from './session-client.ts';

let server: TestServer;

beforeAll(async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'site', 'exam'), { recursive: true });
  await mkdir(join(folder, 'site', 'assets'));
  await mkdir(join(folder, 'models'));
  await writeFile(join(folder, 'site', 'index.html'), '<title>start</title>');
  await writeFile(join(folder, 'site', 'exam', 'index.html'), '<title>exam</title>');
  await writeFile(join(folder, 'site', 'assets', 'engine-1a2b.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d]));
  await writeFile(join(folder, 'models', 'face.json'), '{}');
  server = await startServer({}, {}, folder);
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

describe('starting', () => {
  test('returns session, token and socket address', async () => {
    const { status, json } = await server.ask('POST', '/api/v1/session/start', {
      exam_id: 'physics',
      member_id: 'ada',
    });
    expect(status).toBe(201);
    expect(json).toEqual({
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      exam_id: 'physics',
      member_id: 'ada',
      started_at: expect.any(String),
      token: expect.any(String),
      token_expires_at: expect.any(String),
      ws_url: `ws://127.0.0.1:${server.port}/api/v1/session/ws/${json.session_id}`,
    });
    expect(await server.ask('GET', `/api/v1/session/${json.session_id}`)).toMatchObject({
      status: 200,
      json: { status: 'running', exam_id: 'physics', member_id: 'ada', ended_at: null },
    });
  });

  test.each([
    ['no body', undefined, 400, 'INVALID_MESSAGE'],
    ['bad JSON', '{"exam_id":', 400, 'BAD_JSON'],
    ['a missing member', { exam_id: 'physics' }, 400, 'INVALID_MESSAGE'],
    ['an id with a slash', { exam_id: '../x', member_id: 'ada' }, 400, 'INVALID_MESSAGE'],
    ['an id of another type', { exam_id: { $ne: 1 }, member_id: 'ada' }, 400, 'INVALID_MESSAGE'],
    ['a huge body', { exam_id: 'x'.repeat(300_000), member_id: 'ada' }, 413, 'MESSAGE_TOO_BIG'],
    ['a huge body, saying what is allowed', { exam_id: 'x'.repeat(300_000) }, 413, 'MESSAGE_TOO_BIG', '262144 bytes'],
    ['bad JSON, with its position', '{"exam_id": 1,]', 400, 'BAD_JSON', 'position 14'],
  ])('answers %s with a problem', async (_what, body, status, code, detail = '') => {
    const answer = await server.ask('POST', '/api/v1/session/start', body);
    expect(answer).toMatchObject({
      status,
      json: { status, code, type: expect.stringContaining('urn:'), detail: expect.stringContaining(detail) },
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

test('reading an unknown session does not create it', async () => {
  for (const path of ['/api/v1/session/nobody', '/api/v1/session/nobody/report']) {
    expect(await server.ask('GET', path)).toMatchObject({ status: 404, json: { code: 'SESSION_NOT_FOUND' } });
  }
});

describe('fallback', () => {
  const post = (body: object) => server.ask('POST', '/api/v1/session/ws/fallback', body);

  test('accepts the documented shape with 202, and the frame is analysed', async () => {
    const extracted = { session_id: 'blocked', extracted_features: { face_present: 1, no_of_face: 1 } };
    expect(await post(extracted)).toMatchObject({ status: 202, json: { session_id: 'blocked' } });
    const { json } = await server.ask('POST', '/api/v1/session/blocked/analyze');
    expect(json.integrity.frames).toBe(1);
  });

  test('answers our messages as the socket would', async () => {
    const session = { session_id: 'blocked-2' };
    expect(await post({ ...session, type: 'hello', client_time_ms: startMs })).toMatchObject({
      status: 200,
      json: { messages: [{ type: 'welcome', up_to_seq: -1 }] },
    });
    expect(await post({ ...session, ...batch(0, 4) })).toMatchObject({
      json: { messages: [{ type: 'ack', up_to_seq: 4, seqs: [[0, 4]] }] },
    });
    const losses = { type: 'losses', counts: {}, ranges: [{ reason: 'outbox_full', seqs: [5, 6] }] };
    expect(await post({ ...session, ...losses })).toMatchObject({
      json: { messages: [{ type: 'ack', up_to_seq: 6 }] },
    });
    expect(await post({ ...session, type: 'batch', frames: 7 })).toMatchObject({
      status: 200,
      json: { messages: [{ type: 'error', code: 'INVALID_MESSAGE' }] },
    });
  });

  test.each([
    ['no session', { extracted_features: { face_present: 1 } }, 'INVALID_MESSAGE'],
    ['a wrong value', { session_id: 'blocked', extracted_features: { face_present: 'yes' } }, 'INVALID_FRAME'],
    ['nothing', { session_id: 'blocked' }, 'INVALID_FRAME'],
  ])('answers %s with a problem', async (_what, body, code) => {
    expect(await post(body)).toMatchObject({ status: 400, json: { code } });
  });

  test('accepts as many messages a second as the socket does', async () => {
    const slow = await startServer({ MAX_MESSAGES_PER_SECOND: '1', MAX_MESSAGE_BURST: '5' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        slow.ask('POST', '/api/v1/session/ws/fallback', {
          session_id: 'fast',
          extracted_features: { face_present: 1 },
        }),
      ),
    );
    // One more for each second that has passed in the meantime.
    const taken = answers.filter(({ status }) => status === 202).length;
    expect(taken).toBeGreaterThanOrEqual(5);
    expect(taken).toBeLessThan(20);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.json.code).toBe('RATE_EXCEEDED');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    await slow.close();
  });

  test('has the same byte limit as a socket', async () => {
    const narrow = await startServer({ MAX_BYTES_PER_SECOND: '1024', MAX_MESSAGE_BYTES: '131072' });
    const message = { session_id: 'long', extracted_features: { face_present: 1 }, unread: 'x'.repeat(100_000) };
    const answers = [];
    for (let count = 0; count < 8; count += 1) {
      answers.push(await narrow.ask('POST', '/api/v1/session/ws/fallback', message));
    }
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
    await narrow.close();
  });
});

describe('pages', () => {
  test('are served with cross-origin isolation and a policy that allows their own scripts, workers and wasm', async () => {
    const { status, text, headers } = await server.ask('GET', '/');
    expect([status, text]).toEqual([200, '<title>start</title>']);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('content-security-policy')).toMatch(
      /script-src 'self' 'wasm-unsafe-eval';worker-src 'self' blob:/,
    );
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('are found in their folders', async () => {
    expect((await server.ask('GET', '/exam/')).text).toBe('<title>exam</title>');
    expect((await server.ask('GET', '/exam')).text).toBe('<title>exam</title>');
  });

  test('come with assets and models that may be cached for ever', async () => {
    const wasm = await server.ask('GET', '/assets/engine-1a2b.wasm');
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
    const model = await server.ask('GET', '/models/face.json');
    for (const { status, headers } of [wasm, model]) {
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('etag')).toBeTruthy();
    }
  });

  test.each(['/nowhere', '/models/none.bin', '/api/v1/session/x/nothing', '/models/..%2f..%2fdata/frames.db', '/%00'])(
    'answer %s with a problem',
    async (path) => {
      const answer = await server.ask('GET', path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  const browserAccepts = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  test.each([
    ['de-AT,de;q=0.9', 'de', 'Unter dieser Adresse gibt es keine Seite'],
    ['es', 'es', 'No hay ninguna página en esta dirección'],
    ['fr', 'en', 'There is no page at this address'],
  ])('answers a reader of %s, at an unknown address, with a page in "%s"', async (wanted, lang, title) => {
    const answer = await server.ask('GET', '/nowhere', undefined, { ...browserAccepts, 'Accept-Language': wanted });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('vary')).toMatch(/Accept\b.*Accept-Language/);
    expect(answer.text).toContain(`<html lang="${lang}">`);
    expect(answer.text).toContain(title);
    expect(answer.text).not.toContain('nowhere');
  });

  test('answers with a problem below /api, and for other methods than GET, regardless of Accept', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/nothing'],
      ['POST', '/nowhere'],
    ] as const) {
      expect(await server.ask(method, path, undefined, browserAccepts)).toMatchObject({
        status: 404,
        json: { code: 'NOT_FOUND' },
      });
    }
  });

  test('of other origins cannot make a visitor’s browser change anything', async () => {
    const headers = { Origin: 'https://evil.example.org' };
    const answer = await server.ask('POST', '/api/v1/session/demo_session/end', undefined, headers);
    expect(answer).toMatchObject({ status: 403, json: { code: 'ACCESS_DENIED' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('whose host name resolves to this machine are refused', async () => {
    const status = await new Promise((resolve, reject) => {
      get(`${server.origin}/api/v1/session/demo_session`, { headers: { host: 'rebound.example.org' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject);
    });
    expect(status).toBe(403);
    const client = new SessionClient(server, 'demo_session', '', { headers: { host: 'rebound.example.org' } });
    await expect(client.opened()).rejects.toThrow('403');
  });

  test('of listed origins may use the API', async () => {
    const listed = await startServer({ ALLOWED_ORIGINS: 'https://exam.example.org, https://other.example.org' });
    const headers = { Origin: 'https://exam.example.org' };
    const preflight = await listed.ask('OPTIONS', '/api/v1/session/start', undefined, headers);
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
    for (const method of ['PUT', 'DELETE']) {
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
    }
    const answer = await listed.ask('POST', '/api/v1/session/start', { exam_id: 'a', member_id: 'b' }, headers);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://exam.example.org');
    await listed.close();
  });
});

test('health lists its parts, and metrics count', async () => {
  expect(await server.ask('GET', '/healthz')).toMatchObject({
    status: 200,
    json: { status: 'ok', version, parts: { frames: 'ok', records: 'ok' } },
  });
  const { text } = await server.ask('GET', '/metrics');
  expect(text).toMatch(/^invigil_frames_stored_total \d+$/m);
  expect(text).toContain(`invigil_build_info{version="${version}"} 1\n`);
});

describe('a method that a path does not support', () => {
  test.each([
    ['DELETE', '/api/v1/exams', 'POST, GET, HEAD'],
    ['GET', '/api/v1/session/some-session/end', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('%s %s is answered 405 with Allow', async (method, path, allow) => {
    const answer = await server.ask(method, path);
    expect(answer).toMatchObject({ status: 405, json: { code: 'METHOD_NOT_ALLOWED' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });
});

describe('without tokens', () => {
  test('a mistyped id neither creates nor ends a session', async () => {
    for (const step of ['analyze', 'end']) {
      const answer = await server.ask('POST', `/api/v1/session/mistyped/${step}`);
      expect(answer).toMatchObject({ status: 404, json: { code: 'SESSION_NOT_FOUND' } });
    }
    expect((await server.ask('GET', '/api/v1/session/mistyped')).status).toBe(404);
  });
});

test('an exam is created with its teachers, and a missing field is distinguished from an invalid one', async () => {
  const created = await server.ask('POST', '/api/v1/exams', { teachers: ['tina'] });
  expect(created).toMatchObject({ status: 201, json: { teachers: expect.arrayContaining(['tina']) } });
  const start = (body: object) => server.ask('POST', '/api/v1/session/start', body);
  expect((await start({ exam_id: 'e1' })).json).toMatchObject({
    field: 'member_id',
    detail: expect.stringContaining('is required'),
  });
  expect((await start({ exam_id: 'e1', member_id: 'a b' })).json).toMatchObject({
    field: 'member_id',
    detail: expect.stringContaining('must be'),
  });
  const enrolments = `/api/v1/exams/${created.json.exam_id}/enrolments`;
  expect((await server.ask('POST', enrolments, {})).json).toMatchObject({
    field: 'students',
    detail: expect.stringContaining('is required'),
  });
});
