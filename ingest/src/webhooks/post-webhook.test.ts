import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../model/session.ts';
import { postWebhook } from './post-webhook.ts';
import { isPublicAddress, publicLookup } from './public-address.ts';
import { retryAfterMs } from './retry-schedule.ts';
import { alertRaised, reportCreated, reviewRecorded, sessionEnded, sessionStarted } from './webhook-event.ts';
import { webhookKeyFor, webhookSecretText } from './webhook-signature.ts';
import { webhookKeyOf } from '../config/setting.ts';

let server: Server;
let port: number;
let requests: { request: IncomingMessage; body: string }[];
let answer: (response: ServerResponse) => void;
beforeEach(async () => {
  requests = [];
  answer = (response) => void response.writeHead(204).end();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ request, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const post = (url: string, isPublicOnly = false, body = '{}') =>
  postWebhook({ url, body, headers: { 'webhook-id': 'msg_1' }, isPublicOnly });

describe('posting', () => {
  test('sends the body to the byte with its headers', async () => {
    const body = '{"title":"Prüfung 😀"}';
    expect(await post(`http://127.0.0.1:${port}/hook?a=1`, false, body)).toEqual({ status: 204, error: null });
    expect(requests[0]).toMatchObject({ body, request: { method: 'POST', url: '/hook?a=1' } });
    expect(requests[0]?.request.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': 'msg_1',
      'user-agent': 'invigil',
    });
  });

  test.each([
    [200, null],
    [299, null],
    [302, 'status_302'],
    [400, 'status_400'],
    [410, 'status_410'],
    [503, 'status_503'],
  ])('an answer %i is %j', async (status, error) => {
    answer = (response) => void response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status, error });
    expect(requests).toHaveLength(1);
  });

  test('an endless answer is not read', async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = (): boolean => response.write('x'.repeat(65_536));
      response.on('drain', more);
      while (more());
    };
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: 200, error: null });
  });

  test('a connection that is cut or refused has a reason without an address', async () => {
    answer = (response) => void response.destroy();
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: null, error: 'econnreset' });
    expect(await post('http://127.0.0.1:1/')).toEqual({ status: null, error: 'econnrefused' });
    expect(await post('http://no-such-host.invalid/')).toMatchObject({
      status: null,
      error: expect.stringMatching(/^e\w+$/),
    });
  });

  test.each(['127.0.0.1', '[::1]', 'localhost', '0x7f000001', '127.1', '[::ffff:127.0.0.1]'])(
    'an address that an exam names must be public: %s is not',
    async (host) => {
      expect(await post(`http://${host}:${port}/`, true)).toEqual({ status: null, error: 'address_not_public' });
      expect(requests).toEqual([]);
    },
  );
});

describe('public addresses', () => {
  test.each([
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['169.254.0.0', '169.254.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['224.0.0.0', '255.255.255.255'],
  ])('%s–%s is not public, and its neighbours are', (from, to) => {
    const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const addressOf = (value: number): string =>
      [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
    const inside = fc.integer({ min: numberOf(from), max: numberOf(to) });
    fc.assert(fc.property(inside, (value) => !isPublicAddress(addressOf(value))));
    expect(isPublicAddress(addressOf(numberOf(from) - 1))).toBe(true);
  });

  test('no IPv6 address outside 2000::/3 is public', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(group, fc.array(group, { minLength: 7, maxLength: 7 }), (first, rest) => {
        const address = [first, ...rest].map((each) => each.toString(16)).join(':');
        const isGlobal = first >= 0x2000 && first < 0x4000;
        expect(!isGlobal && isPublicAddress(address)).toBe(false);
      }),
    );
  });

  test('a name that leads to this machine is refused, whether one address or all are asked for', async () => {
    const lookup = (all: boolean): Promise<string | null> =>
      new Promise((resolve) => {
        publicLookup('localhost', { all }, (error) => resolve(error === null ? null : error.name));
      });
    expect([await lookup(true), await lookup(false)]).toEqual(['AddressNotPublic', 'AddressNotPublic']);
  });
});

describe('the schedule of attempts', () => {
  test('spreads those who wait for the same by at most a tenth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const [pause, base] = [retryAfterMs(attempts, random)!, retryAfterMs(attempts, 0)!];
        expect(pause).toBeGreaterThanOrEqual(base);
        expect(pause).toBeLessThanOrEqual(Math.round(base * 1.1));
      }),
    );
  });

  test.each([0, 10, 11, -1])('has no pause after %i attempts', (attempts) => {
    expect(retryAfterMs(attempts, 0)).toBeNull();
  });

  test('gives up after a little more than three days', () => {
    const all = Array.from({ length: 9 }, (_, at) => retryAfterMs(at + 1, 0)!).reduce((sum, pause) => sum + pause, 0);
    expect(all / 86_400_000).toBeGreaterThan(3);
    expect(all / 86_400_000).toBeLessThan(3.5);
  });
});

describe('events', () => {
  const session: Session = {
    sessionId: 's.1',
    examId: 'physics',
    memberId: 'ada',
    status: 'ended',
    startedAt: '2026-01-05T09:00:00.000Z',
    endedAt: '2026-01-05T10:00:00.000Z',
  };
  const at = '2026-01-05T10:00:00.000Z';
  const report = {
    rules_version: '3',
    risk: { value: 7 },
    coverage: { share: 0.5 },
    observations: [{}, {}],
    violations: { total: 3 },
  } as never;
  const review = {
    status: 'reviewed',
    outcome: 'follow_up',
    by: 'tina',
    at,
    notes: 'private words',
    observations: [{ id: 'o1', mark: 'confirmed', note: 'private words', by: 'tina', at }],
    contests: [{ id: 'o1', text: 'my words', at }],
  } as const;

  test('have the same id for the same event, and different ids for different events', () => {
    const ids = [
      sessionStarted(session),
      sessionEnded(session, at),
      sessionEnded({ ...session, sessionId: 's.2' }, at),
      reportCreated(session, report, 1, at),
      reportCreated(session, report, 2, at),
      reviewRecorded(session, review as never, at, 'act-1'),
      reviewRecorded(session, review as never, at, 'act-2'),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(7);
    expect(sessionEnded(session, at).id).toBe(ids[1]);
    for (const id of ids) expect(id).toMatch(/^msg_[\da-f]{32}$/);
  });

  test('a report’s event has figures to sort by and not the report', () => {
    expect(reportCreated(session, report, 2, at).data).toEqual({
      session_id: 's.1',
      exam_id: 'physics',
      member_id: 'ada',
      version: 2,
      rules_version: '3',
      risk: 7,
      coverage: 0.5,
      observations: 2,
      violations: 3,
    });
    expect(reportCreated(session, { ...(report as object), coverage: null } as never, 1, at).data).toMatchObject({
      coverage: null,
    });
  });

  test('a review’s event contains the decision and no text', () => {
    const event = reviewRecorded(session, review as never, at, 'act');
    expect(event.data).toMatchObject({
      outcome: 'follow_up',
      observations: [{ id: 'o1', mark: 'confirmed' }],
      contests: [{ id: 'o1' }],
    });
    expect(JSON.stringify(event)).not.toMatch(/private words|my words|tina/);
  });

  test('an alert’s event names its session and carries the observation', () => {
    const observation = { id: 'o1', type: 'phone_visible' } as never;
    const alert = {
      alertId: 's.1:o1',
      sessionId: 's.1',
      examId: null,
      memberId: null,
      observation,
      raisedAt: at,
      escalated: false,
      durationS: null,
    };
    expect(alertRaised(alert)).toMatchObject({
      type: 'alert.raised',
      timestamp: at,
      data: { session_id: 's.1', exam_id: null, alert_id: 's.1:o1', observation },
    });
  });
});

test('each address has a separate key, and its text form decodes to it', () => {
  const operator = Buffer.alloc(32, 7);
  const [one, other] = ['https://a.example/x', 'https://a.example/y'].map((url) => webhookKeyFor(operator, url));
  expect(one).not.toEqual(other);
  expect(one).toEqual(webhookKeyFor(operator, 'https://a.example/x'));
  expect(webhookKeyFor(Buffer.alloc(32, 8), 'https://a.example/x')).not.toEqual(one);
  expect(webhookKeyOf(webhookSecretText(one!))).toEqual(one);
});
