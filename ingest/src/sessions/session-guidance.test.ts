import { join } from 'node:path';
import type { GuidanceMessage } from '@invigil/protocol/channels';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { Bus } from '../bus/bus.ts';
import { localLink } from '../bus/local-link.ts';
import { MessageRelay } from '../bus/message-relay.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import type { Session } from '../model/session.ts';
import { GuidanceRecords } from '../records/guidance-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ReviewRecords } from '../records/review-records.ts';
import { SessionGuidance } from './session-guidance.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const at = '2026-01-05T09:00:00.000Z';
const session = (sessionId: string, examId: string | null = 'physics'): Session => ({
  sessionId,
  examId,
  memberId: 'ada',
  status: 'running',
  startedAt: at,
  endedAt: null,
});

/** The records; a test can make them unavailable. */
class FailingRecords extends GuidanceRecords {
  isAway = false;

  override add(...asked: Parameters<GuidanceRecords['add']>): Promise<void> {
    return this.isAway ? Promise.reject(recordsUnavailable('away')) : super.add(...asked);
  }

  override messages(sessionId: string) {
    return this.isAway ? Promise.reject(recordsUnavailable('away')) : super.messages(sessionId);
  }
}

let database: RecordsDatabase;
let records: FailingRecords;
let bus: Bus;
/** Reports that the bus is back after an outage. */
let heal: () => void;
let guidance: SessionGuidance;
/** Messages that the pages of each session received. */
let pages: Map<string, GuidanceMessage[][]>;
let allowsBreaks: boolean;
let logged: string[];

beforeEach(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  records = new FailingRecords(database);
  const link = { ...localLink(), onUp: (listener: () => void) => (heal = listener) };
  bus = new Bus(new MessageRelay('test', link, (error) => expect.fail(String(error))), ({ topic }) =>
    expect.fail(topic),
  );
  pages = new Map([
    ['s1', [[], []]],
    ['s2', [[]]],
  ]);
  allowsBreaks = true;
  logged = [];
  guidance = new SessionGuidance({
    records,
    bus,
    policyOf: async (examId) => (examId === null ? null : ({ breaks: allowsBreaks } as never)),
    listenersOf: (sessionId) =>
      (pages.get(sessionId) ?? []).map((page) => ({ send: (message) => void page.push(message) })),
    listeningSessions: () => [...pages.keys()],
    log: pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).event) }),
    now: () => Date.parse(at),
  });
});
afterEach(async () => {
  await bus.close();
  await database.close();
});
afterAll(removeFolders);

const received = (sessionId: string): GuidanceMessage[] => (pages.get(sessionId) ?? []).flat();

describe('a message', () => {
  test('reaches every page of its session and no other', async () => {
    const { messageId } = await guidance.send(session('s1'), 'tina', 'Please sit down');
    await waitUntil(() => received('s1').length === 2);
    const message = { type: 'proctor_message', message_id: messageId, text: 'Please sit down', timestamp: at };
    expect(pages.get('s1')).toEqual([[message], [message]]);
    expect(received('s2')).toEqual([]);
  });

  test('is in the records before it is sent, under the proctor’s name', async () => {
    await guidance.send(session('s1'), 'tina', 'Please sit down');
    expect(await new ReviewRecords(database).audit('s1')).toMatchObject([
      { actor: 'tina', action: 'session.message', at },
    ]);
  });

  test('is sent again when this replica was cut off from the others', async () => {
    await guidance.send(session('s1'), 'tina', 'one');
    await waitUntil(() => received('s1').length === 2);
    for (const page of pages.get('s1')!) page.length = 0;
    heal();
    await expect.poll(() => received('s1'), { timeout: 10_000 }).toMatchObject([{ text: 'one' }, { text: 'one' }]);
    expect(received('s2')).toEqual([]);
  });

  test('that cannot be recorded is not sent', async () => {
    records.isAway = true;
    await expect(guidance.send(session('s1'), 'tina', 'lost')).rejects.toMatchObject({ reason: 'records_unavailable' });
    expect(received('s1')).toEqual([]);
  });
});

describe('a break', () => {
  test('is asked of every page and recorded', async () => {
    await guidance.askBreak(session('s1'), 'tina', 'begin');
    await waitUntil(() => received('s1').length === 2);
    expect(received('s1')[0]).toEqual({ type: 'break', action: 'begin', timestamp: at });
    expect(await new ReviewRecords(database).audit('s1')).toMatchObject([{ detail: { action: 'begin' } }]);
  });

  test('is allowed by the exam’s policy only, and never without an exam', async () => {
    expect(await guidance.mayBreak(session('s1'))).toBe(true);
    expect(await guidance.mayBreak(session('s1', null))).toBe(false);
    allowsBreaks = false;
    expect(await guidance.mayBreak(session('s1'))).toBe(false);
  });
});

test('a note about the student is recorded and not sent', async () => {
  await guidance.flag(session('s1'), 'tina', 'left the room');
  await new Promise((resolve) => setImmediate(resolve));
  expect(received('s1')).toEqual([]);
  expect(await new ReviewRecords(database).audit('s1')).toMatchObject([{ action: 'session.flag' }]);
});

describe('a page that connects', () => {
  const hello = async (sessionId: string): Promise<GuidanceMessage[]> => {
    const got: GuidanceMessage[] = [];
    await guidance.onHello(session(sessionId), { send: (message) => void got.push(message) });
    return got;
  };

  test('gets the messages that it may have missed, in their order, after the word about breaks', async () => {
    for (const text of ['one', 'two']) await guidance.send(session('s1'), 'tina', text);
    await guidance.askBreak(session('s1'), 'tina', 'end');
    expect(await hello('s1')).toMatchObject([{ type: 'breaks', allowed: true }, { text: 'one' }, { text: 'two' }]);
  });

  test('gets nothing about breaks where there are none', async () => {
    allowsBreaks = false;
    expect(await hello('s2')).toEqual([]);
  });

  test('is not refused while the records are unavailable; that is logged', async () => {
    records.isAway = true;
    allowsBreaks = false;
    expect(await hello('s1')).toEqual([]);
    expect(logged).toEqual(['session.guidance_not_read']);
  });
});
