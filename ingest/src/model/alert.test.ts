import { expect, test } from 'vitest';
import type { Alert } from './alert.ts';
import { alertIdOf, resultOf } from './alert.ts';

const alert: Alert = {
  alertId: alertIdOf('s1', 'phone_visible-100'),
  sessionId: 's1',
  examId: 'physics',
  memberId: 'ada',
  observation: {
    id: 'phone_visible-100',
    type: 'phone_visible',
    from_ms: 1000,
    to_ms: 5000,
    confidence: 0.9,
    measured: {},
    evidence: { first: '0', strongest: '3', last: '9' },
    frames: 10,
  },
  raisedAt: '2026-01-05T09:00:00.000Z',
  escalated: false,
  durationS: null,
};

test('the same observation of a session always has the same alert id, and another session’s has not', () => {
  expect(alertIdOf('s1', 'phone_visible-100')).toBe('s1:phone_visible-100');
  expect(alertIdOf('s2', 'phone_visible-100')).not.toBe(alert.alertId);
});

test('proctors get an alert in the documented names, without the session’s id', () => {
  expect(resultOf(alert)).toEqual({
    alert_id: 's1:phone_visible-100',
    exam_id: 'physics',
    member_id: 'ada',
    observation: alert.observation,
    raised_at: '2026-01-05T09:00:00.000Z',
    escalated: false,
    duration_s: null,
  });
});
