import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { GuidanceMessage } from '@invigil/protocol/channels';
import { pino } from 'pino';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Bus } from '../bus/bus.ts';
import { localLink } from '../bus/local-link.ts';
import { MessageRelay } from '../bus/message-relay.ts';
import type { Session } from '../model/session.ts';
import { GuidanceRecords } from '../records/guidance-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionGuidance } from './session-guidance.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const at = new Date(nowMs).toISOString();

let folder: string;
let database: RecordsDatabase;
let sessions = 0;
let session: Session;
let bus: Bus;
let heal: () => void;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-guidance-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  session = {
    sessionId: `guided-${sessions++}`,
    examId: 'physics',
    memberId: 'ada',
    status: 'running',
    startedAt: at,
    endedAt: null,
  };
  const link = { ...localLink(), onUp: (listener: () => void) => (heal = listener) };
  bus = new Bus(new MessageRelay('test', link, (error) => expect.fail(String(error))), ({ topic }) =>
    expect.fail(topic),
  );
});
afterEach(() => bus.close());

const guidanceFor = (listening: Record<string, GuidanceMessage[]>, breaks = true, records?: GuidanceRecords) =>
  new SessionGuidance({
    records: records ?? new GuidanceRecords(database),
    bus,
    policyOf: async () => v.parse(ExamPolicySchema, { breaks }),
    listenersOf: (sessionId) =>
      sessionId in listening ? [{ send: (message) => listening[sessionId]!.push(message) }] : [],
    listeningSessions: () => Object.keys(listening),
    log: pino({ level: 'silent' }),
    now: () => nowMs,
  });
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a proctor’s message', () => {
  test('reaches the student’s pages, and those of no other session', async () => {
    const received = { [session.sessionId]: [], other: [] };
    const { messageId } = await guidanceFor(received).send(session, 'teacher', 'Please move closer');
    await settle();
    expect(received).toEqual({
      [session.sessionId]: [
        { type: 'proctor_message', message_id: messageId, text: 'Please move closer', timestamp: at },
      ],
      other: [],
    });
  });

  test('is recorded before it is sent, so one that cannot be recorded is not sent', async () => {
    const closed = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'closed.db') });
    const records = new GuidanceRecords(closed);
    await records.messages('x');
    await closed.close();
    const received: Record<string, GuidanceMessage[]> = { [session.sessionId]: [] };
    const guidance = guidanceFor(received, true, records);
    await expect(guidance.send(session, 'teacher', 'x')).rejects.toMatchObject({ reason: 'records_unavailable' });
    await expect(guidance.askBreak(session, 'teacher', 'begin')).rejects.toMatchObject({
      reason: 'records_unavailable',
    });
    await settle();
    expect(received[session.sessionId]).toEqual([]);
  });

  test('is sent again to a page that connects later, with the same id', async () => {
    const guidance = guidanceFor({});
    const { messageId } = await guidance.send(session, 'teacher', 'one');
    await guidance.send(session, 'teacher', 'two');
    await guidance.flag(session, 'teacher', 'looked at the ceiling');
    const received: GuidanceMessage[] = [];
    await guidance.onHello(session, { send: (message) => received.push(message) });
    expect(received).toMatchObject([
      { type: 'breaks', allowed: true },
      { type: 'proctor_message', message_id: messageId, text: 'one' },
      { type: 'proctor_message', text: 'two' },
    ]);
  });

  test('is sent again when this replica was cut off from the others', async () => {
    const received: Record<string, GuidanceMessage[]> = { [session.sessionId]: [] };
    const guidance = guidanceFor(received);
    await guidance.send(session, 'teacher', 'one');
    await settle();
    received[session.sessionId]!.length = 0;
    heal();
    await expect
      .poll(() => received[session.sessionId], { timeout: 10_000 })
      .toMatchObject([{ type: 'proctor_message', text: 'one' }]);
  });
});

describe('breaks', () => {
  test('are announced to a page only if the exam allows them', async () => {
    const received: GuidanceMessage[] = [];
    const guidance = guidanceFor({}, false);
    await guidance.onHello(session, { send: (message) => received.push(message) });
    expect(received).toEqual([]);
    expect(await guidance.mayBreak(session)).toBe(false);
  });

  test('are sent on as they are asked for, and not again to a page that connects later', async () => {
    const received: Record<string, GuidanceMessage[]> = { [session.sessionId]: [] };
    const guidance = guidanceFor(received);
    await guidance.askBreak(session, 'teacher', 'begin');
    await settle();
    expect(received[session.sessionId]).toEqual([{ type: 'break', action: 'begin', timestamp: at }]);
    const later: GuidanceMessage[] = [];
    await guidance.onHello(session, { send: (message) => later.push(message) });
    expect(later).toEqual([{ type: 'breaks', allowed: true }]);
  });
});

test('a page is not refused because the records do not answer', async () => {
  const closed = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'gone.db') });
  const records = new GuidanceRecords(closed);
  await records.messages('x');
  await closed.close();
  const received: GuidanceMessage[] = [];
  await guidanceFor({}, true, records).onHello(session, { send: (message) => received.push(message) });
  expect(received).toEqual([{ type: 'breaks', allowed: true }]);
});
