import { join } from 'node:path';
import type { WebhookFormat } from '@invigil/protocol/channels';
import type { Observation } from '@invigil/protocol/rules';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startReceiver } from '@invigil/testkit/services/webhook-receiver';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { WebhookRecords } from '../records/webhook-records.ts';
import type { WebhookDelivery } from '../records/webhook-records.ts';
import { isPublicAddress } from './public-address.ts';
import { retryAfterMs } from './retry-schedule.ts';
import type { WebhookEvent } from './webhook-event.ts';
import { webhookKeyOf } from '../config/setting.ts';
import { Webhooks } from './webhooks.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const secret = `whsec_${Buffer.from('twenty-four bytes or more').toString('base64')}`;
const key = webhookKeyOf(secret)!;
const log = pino({ level: 'silent' });

describe('webhooks', () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let database: RecordsDatabase;
  let records: WebhookRecords;
  let nowMs: number;
  let hooks: Webhooks[];

  beforeEach(async () => {
    receiver = await startReceiver(secret);
    database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
    records = new WebhookRecords(database);
    nowMs = Date.now();
    hooks = [];
  });
  afterEach(async () => {
    for (const each of hooks) await each.close();
    await database.close();
    await receiver.close();
  });
  afterAll(removeFolders);

  /** The records; they can be made unavailable for callers that queue events. */
  class FailingRecords extends WebhookRecords {
    isAway = true;

    override queue(...asked: Parameters<WebhookRecords['queue']>): Promise<boolean> {
      return this.isAway ? Promise.reject(recordsUnavailable('away')) : super.queue(...asked);
    }
  }

  const open = (url: string | null, ofExam: string | null = null, format: WebhookFormat = 'invigil'): Webhooks => {
    const webhooks = new Webhooks({
      config: { url, format, key },
      homePage: 'https://proctor.example.edu',
      records,
      policyOf: async () => ({ webhook_url: ofExam, webhook_format: format }) as never,
      log,
      now: () => nowMs,
      random: () => 0,
    });
    hooks.push(webhooks);
    return webhooks;
  };
  const ended = {
    session_id: 's1',
    exam_id: 'physics',
    member_id: 'ada',
    started_at: '2026-01-05T08:00:00.000Z',
    ended_at: '2026-01-05T09:00:00.000Z',
  };
  const event = (id: string): WebhookEvent => ({
    id,
    type: 'session.ended',
    timestamp: '2026-01-05T09:00:00.000Z',
    data: ended,
  });
  const until = (is: (delivery: WebhookDelivery) => boolean): Promise<WebhookDelivery> =>
    waitUntil(async () => (await records.list(null, 10)).find(is) ?? false, { timeout: 15_000, interval: 10 });

  test('sends an event once, whichever replica queues it and how many times', async () => {
    const [one, other] = [open(receiver.url), open(receiver.url)];
    for (const each of [one, other, one]) each.enqueue(event('msg_1'));
    expect(await until(({ status }) => status === 'delivered')).toMatchObject({ attempts: 1, last_status: 204 });
    await one.close();
    await other.close();
    expect(receiver.received).toMatchObject([
      { id: 'msg_1', event: { type: 'session.ended', timestamp: '2026-01-05T09:00:00.000Z', data: ended } },
    ]);
    expect(receiver.refused).toEqual([]);
  });

  test('sends an event after an outage of the records that it happened in', async () => {
    const failing = new FailingRecords(database);
    records = failing;
    const webhooks = open(receiver.url);
    webhooks.enqueue(event('msg_kept'));
    await expect.poll(() => records.list(null, 10)).toEqual([]);
    failing.isAway = false;
    expect(await until(({ status }) => status === 'delivered')).toMatchObject({ delivery_id: 'msg_kept', attempts: 1 });
  });

  test('sends a report of 250 observations to a learning record store in three requests, and the same ones on a retry', async () => {
    receiver.state.answer = 503;
    const observation = {
      id: 'o',
      type: 'head_turned',
      from_ms: 0,
      to_ms: 1000,
      confidence: 1,
    } as never as Observation;
    const reported = Array.from({ length: 250 }, (_, at) => ({ ...observation, id: `head_turned-${at}` }));
    const webhooks = open(receiver.url, null, 'xapi');
    webhooks.enqueue({ ...event('msg_r'), type: 'report.created', data: { ...ended, version: 1 }, reported } as never);
    await waitUntil(() => receiver.received.length === 3, { timeout: 15_000 });
    await webhooks.close();
    const first = receiver.received.splice(0);
    expect(first.map(({ event: statements }): number => statements.length).toSorted((a, b) => a - b)).toEqual([
      50, 100, 100,
    ]);
    receiver.state.answer = 200;
    nowMs += 5000;
    open(receiver.url).send();
    await waitUntil(() => receiver.received.length === 3, { timeout: 15_000 });
    const ids = (requests: typeof first): ReadonlySet<string> =>
      new Set(requests.flatMap(({ event: statements }) => statements as { id: string }[]).map(({ id }) => id));
    expect(ids(first).size).toBe(250);
    expect(ids(receiver.received)).toEqual(ids(first));
    expect(receiver.received.map(({ headers }) => headers['x-experience-api-version'])).toEqual([
      '1.0.3',
      '1.0.3',
      '1.0.3',
    ]);
  });

  test('retries until it arrives, also after a restart', async () => {
    receiver.state.answer = 503;
    const first = open(receiver.url);
    first.enqueue(event('msg_2'));
    expect(await until(({ last_status }) => last_status === 503)).toMatchObject({ status: 'pending', attempts: 1 });
    await first.close();
    receiver.state.answer = 200;
    const second = open(receiver.url);
    nowMs += 4999;
    second.send();
    await second.close();
    expect(receiver.received).toHaveLength(1);
    nowMs += 1;
    open(receiver.url).send();
    expect(await until(({ status }) => status === 'delivered')).toMatchObject({ attempts: 2, last_error: null });
  });

  test('gives up in the end, and a person can have it sent again', async () => {
    receiver.state.answer = 500;
    const webhooks = open(receiver.url);
    webhooks.enqueue(event('msg_3'));
    const answered = (attempt: number) =>
      until(
        ({ attempts, status, next_attempt_at: next }) =>
          // During an attempt, its claim expires 30 s later.
          attempts === attempt && (status === 'failed' || next !== new Date(nowMs + 30_000).toISOString()),
      );
    for (let attempt = 1; attempt < 10; attempt++) {
      expect(await answered(attempt)).toMatchObject({ status: 'pending' });
      nowMs += 25 * 3_600_000;
      await waitUntil(async () => {
        webhooks.send();
        return (await records.list(null, 1))[0]!.attempts > attempt;
      });
    }
    expect(await answered(10)).toMatchObject({ status: 'failed' });
    nowMs = Date.now();
    receiver.state.answer = 200;
    expect(await records.retry('msg_3', new Date(nowMs).toISOString())).toBe(true);
    webhooks.send();
    expect(await until(({ status }) => status === 'delivered')).toMatchObject({ attempts: 1 });
  });

  test('does not follow redirects', async () => {
    receiver.state.answer = 302;
    open(receiver.url).enqueue(event('msg_4'));
    expect(await until(({ last_error }) => last_error !== null)).toMatchObject({ last_error: 'status_302' });
    expect(receiver.received).toHaveLength(1);
  });

  test('an address from an exam’s policy must be public', async () => {
    const { port } = new URL(receiver.url);
    for (const [at, host] of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
    ].entries()) {
      open(null, `http://${host}:${port}/hook`).enqueue(event(`msg_5${at}`));
      expect(
        await until(({ delivery_id, status }) => delivery_id === `msg_5${at}_exam` && status === 'failed'),
      ).toMatchObject({
        attempts: 1,
        last_status: null,
        last_error: 'address_not_public',
      });
    }
    expect(receiver.received).toEqual([]);
  });
});

test('recognises addresses that are not public', () => {
  const inside = [
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
  ];
  const inside6 = [
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
  ];
  expect([...inside, ...inside6, 'name', ''].filter(isPublicAddress)).toEqual([]);
  expect(['1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'].every(isPublicAddress)).toBe(true);
});

test('pauses grow, and end', () => {
  const pauses = Array.from({ length: 10 }, (_, at) => retryAfterMs(at + 1, 0));
  expect(pauses[9]).toBeNull();
  expect(pauses.slice(0, 9)).toEqual(pauses.slice(0, 9).toSorted((a, b) => a! - b!));
});

test('accepts only a complete secret', () => {
  expect(webhookKeyOf(secret)).toEqual(Buffer.from('twenty-four bytes or more'));
  for (const bad of ['', 'whsec_', `${secret}!`, secret.slice('whsec_'.length), 'whsec_c2hvcnQ=']) {
    expect(webhookKeyOf(bad)).toBeNull();
  }
});
