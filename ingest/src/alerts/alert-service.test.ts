import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../model/principal.ts';
import type { Bus } from '../bus/bus.ts';
import { localBus } from '../../test/local-bus.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { openExamDirectory } from '../live/exam-directory.ts';
import { AlertRecords } from '../records/alert-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { AlertService } from './alert-service.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** The records; they can be made unavailable for callers that read open alerts. */
class FailingRecords extends AlertRecords {
  isAway = false;
  reads = 0;

  override examsWithOpen(): Promise<(string | null)[]> {
    this.reads += 1;
    return this.isAway ? Promise.reject(recordsUnavailable('away')) : super.examsWithOpen();
  }
}

const proctor: Principal = { userId: 'tina', role: 'TEACHER', sessionId: null, examId: null, expiresAtMs: null };
const phone = (id: string) => ({
  type: 'phone_visible' as const,
  id,
  from_ms: 0,
  to_ms: 1000,
  confidence: 0.9,
  measured: {},
  evidence: { first: '1', strongest: '1', last: '5' },
  frames: 5,
});

let folder: string;
let database: RecordsDatabase;
let records: FailingRecords;
let bus: Bus;
let alerts: AlertService;
let picture: string | null;
let nowMs: number;
/** The clock that all replicas share. */
let storeMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-alerts-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new FailingRecords(database);
  bus = localBus();
  picture = null;
  nowMs = Date.UTC(2026, 0, 5, 9);
  storeMs = nowMs;
  alerts = new AlertService({
    isConnected: () => true,
    records,
    exams: {
      ...openExamDirectory,
      policyOf: async () => ({ live_view: 'numbers', evidence: 'thumbnail', sentinel_pictures: false }),
    },
    bus,
    findSession: async () => null,
    pictureOf: async () => picture,
    escalateAfterMs: 60_000,
    metrics: createMetrics(),
    onRaised: () => undefined,
    budget: { refused: () => undefined },
    log: pino({ level: 'silent' }),
    now: () => nowMs,
    storeNow: () => storeMs,
  });
});
afterEach(async () => {
  await alerts.close();
  await bus.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const link = () => {
  const received: ServerAlertsMessage[] = [];
  return { received, principal: proctor, send: (message: ServerAlertsMessage) => void received.push(message) };
};

test('a proctor whose connection failed receives nothing and is not kept', async () => {
  const [refused, connected] = [link(), link()];
  records.isAway = true;
  await expect(alerts.connect(refused)).rejects.toMatchObject({ reason: 'records_unavailable' });
  records.isAway = false;
  await alerts.connect(connected);
  alerts.onObservation({ event: 'opened', sessionId: 's1', observation: phone('phone_visible-1') });
  await waitUntil(() => connected.received.length > 0);
  expect(connected.received).toHaveLength(1);
  expect(refused.received).toEqual([]);
});

test('drops the image of an erased alert', async () => {
  const connected = link();
  const raise = async (): Promise<ServerAlertsMessage | undefined> => {
    connected.received.length = 0;
    alerts.onObservation({ event: 'opened', sessionId: 's1', observation: phone('phone_visible-1') });
    await waitUntil(() => connected.received.length > 0);
    return connected.received[0];
  };
  const leave = await alerts.connect(connected);
  picture = 'anBlZw==';
  expect(await raise()).toMatchObject({ frame: 'anBlZw==' });
  leave();

  await database.run((db) => db.deleteFrom('alerts').execute());
  await alerts.connect(connected);
  const { reads } = records;
  nowMs += 10_000;
  await waitUntil(() => records.reads > reads, { timeout: 15_000 });
  // Raise the same alert again: if its image had been kept, it would be sent.
  picture = null;
  expect(await raise()).not.toHaveProperty('frame');
});

test('escalates by the clock that replicas share, not by its own', async () => {
  const connected = link();
  await alerts.connect(connected);
  // This replica's clock is a day ahead.
  nowMs += 86_400_000;
  alerts.onObservation({ event: 'opened', sessionId: 's1', observation: phone('phone_visible-1') });
  await waitUntil(() => connected.received.length > 0);
  const due = (atMs: number) => records.escalateDue(new Date(atMs).toISOString());
  expect(await due(storeMs + 59_999)).toEqual([]);
  expect(await due(storeMs + 60_000)).toHaveLength(1);
});

const started = { event: 'opened' as const, sessionId: 's1' };
const over = { event: 'closed' as const, sessionId: 's1' };
const ends = ({ received }: ReturnType<typeof link>) =>
  received.flatMap((message) => (message.type === 'anomaly_ended' ? [message.duration_s] : []));

test('the end of an alert is sent once, however often a reloaded analysis emits it, and with the alert afterwards', async () => {
  const [before, after] = [link(), link()];
  await alerts.connect(before);
  alerts.onObservation({ ...started, observation: phone('phone_visible-1') });
  for (let reload = 0; reload < 3; reload++) {
    alerts.onObservation({ ...over, observation: { ...phone('phone_visible-1'), to_ms: 12_000 } });
  }
  await waitUntil(() => ends(before).length > 0);
  await alerts.connect(after);
  expect(ends(before)).toEqual([12]);
  expect(after.received).toMatchObject([{ type: 'anomaly_detected', result: { duration_s: 12 } }]);
});

test('an end that could not be recorded is recorded later', async () => {
  const proctorLink = link();
  await alerts.connect(proctorLink);
  const end = records.end.bind(records);
  records.end = () => Promise.reject(recordsUnavailable('away'));
  alerts.onObservation({ ...started, observation: phone('phone_visible-1') });
  alerts.onObservation({ ...over, observation: phone('phone_visible-1') });
  await waitUntil(() => proctorLink.received.length === 1);
  records.end = end;
  await waitUntil(() => ends(proctorLink).length > 0, 5000);
  expect(ends(proctorLink)).toEqual([1]);
});
