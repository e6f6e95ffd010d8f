import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import { expect, test } from 'vitest';
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
  ...changes,
});

const setUp = (teachers: { first: string[]; others: string[] } = { first: [], others: [] }) => {
  const open: Alert[] = [];
  const delivery = new AlertDelivery({
    records: {
      examsWithOpen: async () => [...new Set(open.map(({ examId }) => examId))],
      open: async (examId) => open.filter((alert) => alert.examId === examId),
      openAmong: async (ids) => ids.filter((id) => open.some(({ alertId }) => alertId === id)),
    },
    exams: { teachersOf: async () => teachers, mayWatch: async () => true },
    now: () => Date.UTC(2026, 0, 5, 9),
  });
  const connect = async (userId: string) => {
    const received: ServerAlertsMessage[] = [];
    const principal: Principal = { userId, role: 'TEACHER', sessionId: null, examId: null, expiresAtMs: null };
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

test('an acknowledgement reaches all teachers of the exam', async () => {
  const { delivery, connect } = setUp({ first: ['tina'], others: ['tom'] });
  const [tina, tom] = [await connect('tina'), await connect('tom')];
  const event = { kind: 'acknowledged' as const, alert: alertOf('a'), userId: 'tina', at: '2026-01-05T09:00:01.000Z' };
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

test('a link that was closed receives nothing', async () => {
  const { delivery, connect } = setUp();
  const { received, close } = await connect('tina');
  close();
  await delivery.deliver(raised(alertOf('a')));
  expect(received).toEqual([]);
});
