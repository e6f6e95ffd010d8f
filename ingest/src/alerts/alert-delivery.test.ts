import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Alert } from '../model/alert.ts';
import type { Principal } from '../model/principal.ts';
import { AlertDelivery } from './alert-delivery.ts';

const alertOf = (id: string, changes: Partial<Alert> = {}): Alert => ({
  alertId: id,
  sessionId: 's1',
  examId: 'physics',
  memberId: 'ada',
  observation: {
    type: 'phone_visible',
    id,
    from_ms: 0,
    to_ms: 1000,
    confidence: 0.9,
    measured: {},
    evidence: { first: '1', strongest: '1', last: '5' },
    frames: 5,
  },
  raisedAt: '2026-01-05T09:00:00.000Z',
  escalated: false,
  durationS: null,
  ...changes,
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const setUp = (teachers: { first: string[]; others: string[] } = { first: [], others: [] }) => {
  const open: Alert[] = [];
  const connected = new Set<string>();
  const delivery = new AlertDelivery({
    records: {
      examsWithOpen: async () => [...new Set(open.map(({ examId }) => examId))],
      open: async (examId, perStudent) => open.filter((alert) => alert.examId === examId).slice(0, perStudent),
      openAmong: async (ids) => ids.filter((id) => open.some(({ alertId }) => alertId === id)),
    },
    exams: { teachersOf: async () => teachers, mayWatch: async () => true },
    isConnected: (userId) => connected.has(userId),
    now: () => Date.UTC(2026, 0, 5, 9),
  });
  const connect = async (userId: string, role: Principal['role'] = 'TEACHER') => {
    const received: ServerAlertsMessage[] = [];
    connected.add(userId);
    const principal: Principal = { userId, role, sessionId: null, examId: null, expiresAtMs: null };
    const close = await delivery.connect({ principal, send: (message) => received.push(message) });
    return { received, close };
  };
  return { open, delivery, connect };
};
const raised = (alert: Alert, picture: string | null = null) => ({ kind: 'raised' as const, alert, picture });

test('sends an open alert once, whether it is read or announced', async () => {
  const { open, delivery, connect } = setUp();
  const alert = alertOf('a');
  open.push(alert);
  const { received } = await connect('tina');
  await delivery.deliver(raised(alert));
  await delivery.readAgain();
  expect(received).toMatchObject([{ type: 'anomaly_detected', stream_id: 's1' }]);
});

test('sends an alert to the first teachers, and once it has escalated to the others', async () => {
  const { delivery, connect } = setUp({ first: ['tina'], others: ['tom'] });
  const [tina, tom, eve] = [await connect('tina'), await connect('tom'), await connect('eve')];
  await delivery.deliver(raised(alertOf('a')));
  expect([tina, tom, eve].map(({ received }) => received.length)).toEqual([1, 0, 0]);
  await delivery.deliver(raised(alertOf('a', { escalated: true })));
  expect([tina, tom, eve].map(({ received }) => received.length)).toEqual([1, 1, 0]);
});

test('sends an acknowledgement to all teachers of the exam', async () => {
  const { delivery, connect } = setUp({ first: ['tina'], others: ['tom'] });
  const [tina, tom] = [await connect('tina'), await connect('tom')];
  const event = {
    kind: 'acknowledged' as const,
    alert: alertOf('a'),
    userId: 'tina',
    at: '2026-01-05T09:00:01.000Z',
    outcome: null,
    note: null,
  };
  await delivery.deliver(event);
  for (const { received } of [tina, tom]) {
    expect(received).toMatchObject([{ type: 'alert_acknowledged', alert_id: 'a', user_id: 'tina' }]);
  }
});

test('holds an alert back until its image has arrived', async () => {
  const { open, delivery, connect } = setUp();
  const alert = alertOf('a');
  open.push(alert);
  const { received } = await delivery.holdWhile('a', async () => {
    const early = await connect('tina');
    expect(early.received).toEqual([]);
    await delivery.deliver(raised(alert, 'anBlZw=='));
    return early;
  });
  expect(received).toMatchObject([{ type: 'anomaly_detected', frame: 'anBlZw==' }]);
  const late = await connect('tom');
  expect(late.received).toMatchObject([{ frame: 'anBlZw==' }]);
});

test('forgets the image of an alert that is no longer open', async () => {
  const { delivery, connect } = setUp();
  await delivery.deliver(raised(alertOf('a'), 'anBlZw=='));
  await delivery.readAgain();
  const { received } = await connect('tina');
  await delivery.deliver(raised(alertOf('a')));
  expect(received).toHaveLength(1);
  expect(received[0]).not.toHaveProperty('frame');
});

test('a closed link receives nothing', async () => {
  const { delivery, connect } = setUp();
  const { received, close } = await connect('tina');
  close();
  await delivery.deliver(raised(alertOf('a')));
  expect(received).toEqual([]);
});

test('an admin receives the alerts of every exam at once', async () => {
  const { open, delivery, connect } = setUp({ first: ['tina'], others: [] });
  open.push(alertOf('a'));
  const { received } = await connect('root', 'ADMIN');
  await delivery.deliver(raised(alertOf('b', { examId: 'chemistry' })));
  expect(received).toHaveLength(2);
});

test('sends an alert to the other teachers at once while the first one is not connected', async () => {
  const { delivery, connect } = setUp({ first: ['tina'], others: ['tom'] });
  const tom = await connect('tom');
  await delivery.deliver(raised(alertOf('a')));
  expect(tom.received).toHaveLength(1);
  const tina = await connect('tina');
  await delivery.deliver(raised(alertOf('b')));
  expect([tina, tom].map(({ received }) => received.length)).toEqual([1, 1]);
});

test('one student with many alerts does not crowd out the alerts of others', async () => {
  const { open, delivery, connect } = setUp();
  const { received } = await connect('tina');
  for (let count = 0; count < 1000; count++) {
    const alert = alertOf(`a${count}`);
    open.unshift(alert);
    await delivery.deliver(raised(alert));
  }
  await delivery.deliver(raised(alertOf('b', { sessionId: 's2', memberId: 'bob' })));
  expect(received).toMatchObject([{ stream_id: 's1' }, { stream_id: 's2' }]);
  vi.advanceTimersByTime(1000);
  expect(received[2]).toMatchObject({ stream_id: 's1', result: { alert_id: 'a999' }, more: { length: 23 } });
  vi.advanceTimersByTime(60_000);
  expect(received).toHaveLength(3);
});

test('acknowledging an alert makes room for the student’s next one', async () => {
  const { open, delivery, connect } = setUp();
  const { received } = await connect('tina');
  for (let count = 0; count < 30; count++) {
    const alert = alertOf(`a${count}`);
    open.unshift(alert);
    await delivery.deliver(raised(alert));
  }
  vi.advanceTimersByTime(1000);
  open.splice(
    open.findIndex(({ alertId }) => alertId === 'a0'),
    1,
  );
  await delivery.deliver({
    kind: 'acknowledged',
    alert: alertOf('a0'),
    userId: 'tina',
    at: '2026-01-05T09:00:01.000Z',
    outcome: null,
    note: null,
  });
  // The newest 24 of the burst came with it; the newest of the others follows now.
  expect(received.slice(2)).toMatchObject([
    { type: 'alert_acknowledged', alert_id: 'a0' },
    { type: 'anomaly_detected', result: { alert_id: 'a5' } },
  ]);
});

test('a burst of one session is one message after the first; an alert that was sent meanwhile is not repeated', async () => {
  const { open, delivery, connect } = setUp();
  const { received } = await connect('tina');
  for (const id of ['a', 'b', 'c', 'd']) await delivery.deliver(raised(alertOf(id)));
  expect(received).toHaveLength(1);
  open.push(alertOf('b'));
  await delivery.readAgain();
  vi.advanceTimersByTime(1000);
  expect(received.map((message) => (message.type === 'anomaly_detected' ? message.result.alert_id : null))).toEqual([
    'a',
    'b',
    'd',
  ]);
  expect(received[2]).toMatchObject({ more: [{ result: { alert_id: 'c' } }] });
});

test('alerts more than a second apart are messages of their own', async () => {
  const { delivery, connect } = setUp();
  const { received } = await connect('tina');
  await delivery.deliver(raised(alertOf('a')));
  vi.advanceTimersByTime(1000);
  await delivery.deliver(raised(alertOf('b')));
  expect(received).toHaveLength(2);
  for (const message of received) expect(message).not.toHaveProperty('more');
});

test('an alert that was acknowledged before it was sent is not sent', async () => {
  const { delivery, connect } = setUp();
  const { received } = await connect('tina');
  for (const id of ['a', 'b']) await delivery.deliver(raised(alertOf(id)));
  const at = '2026-01-05T09:00:01.000Z';
  await delivery.deliver({ kind: 'acknowledged', alert: alertOf('b'), userId: 'tom', at, outcome: null, note: null });
  vi.advanceTimersByTime(1000);
  expect(received.map(({ type }) => type)).toEqual(['anomaly_detected', 'alert_acknowledged']);
});

test('nothing is sent over a link that was closed during a burst', async () => {
  const { delivery, connect } = setUp();
  const { received, close } = await connect('tina');
  for (const id of ['a', 'b']) await delivery.deliver(raised(alertOf(id)));
  close();
  vi.advanceTimersByTime(60_000);
  expect(received).toHaveLength(1);
});

test('reports the end of an observation to the proctors who have its alert, and to no others', async () => {
  const { open, delivery, connect } = setUp();
  const informed = await connect('tina');
  open.push(alertOf('a'));
  await delivery.readAgain();
  informed.received.length = 0;
  const end = { kind: 'ended' as const, sessionId: 's1', durationS: 7, at: '2026-01-05T09:00:08.000Z' };
  await delivery.deliver({ ...end, alertId: 'a' });
  await delivery.deliver({ ...end, alertId: 'unknown' });
  expect(informed.received).toEqual([
    { type: 'anomaly_ended', stream_id: 's1', alert_id: 'a', duration_s: 7, timestamp: end.at },
  ]);
});

test('sends the end of an observation after its alert, if that was gathered', async () => {
  const { delivery, connect } = setUp();
  const { received } = await connect('tina');
  const [first, second] = [alertOf('a'), alertOf('b')];
  for (const alert of [first, second]) await delivery.deliver(raised(alert));
  const { sessionId } = second;
  await delivery.deliver({ kind: 'ended', alertId: 'b', sessionId, durationS: 2, at: '2026-01-05T09:00:08.000Z' });
  expect(received).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(received.map(({ type }) => type)).toEqual(['anomaly_detected', 'anomaly_detected', 'anomaly_ended']);
});
