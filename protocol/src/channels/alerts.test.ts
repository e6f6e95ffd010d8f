import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { ConnectionsReportSchema, ServerAlertsMessageSchema } from './alerts-schemas.ts';
import { AlertsClientMessageSchema } from './alerts.ts';

const timestamp = '2026-01-18T10:30:00.000Z';
const observation = {
  id: 'phone_visible-3',
  type: 'phone_visible',
  from_ms: 1,
  to_ms: 2,
  confidence: 0.6,
  measured: { phone_conf: 60 },
  evidence: { first: '3', strongest: '3', last: '4' },
  frames: 2,
};
const result = {
  alert_id: 's1:phone_visible-3',
  exam_id: null,
  member_id: 'm1',
  observation,
  raised_at: timestamp,
  escalated: false,
  duration_s: null,
};

describe('messages of a proctor on the alerts channel', () => {
  test.each([
    { type: 'ping' },
    { type: 'ping', timestamp },
    { type: 'pong', timestamp: 7 },
    { type: 'ack', stream_id: 's1' },
    { type: 'ack', stream_id: 's1', alert_id: 's1:phone_visible-3' },
  ])('%j is accepted', (message) => {
    expect(v.parse(AlertsClientMessageSchema, message)).toEqual(message);
  });

  test.each([
    { type: 'ack' },
    { type: 'ack', stream_id: 'a/b' },
    { type: 'ack', stream_id: 's1', alert_id: '' },
    { type: 'ack', stream_id: 's1', alert_id: 'with space' },
    { type: 'ack', stream_id: 's1', alert_id: 'x'.repeat(301) },
    { type: 'anomaly_detected' },
    {},
  ])('%j is refused', (message) => {
    expect(v.is(AlertsClientMessageSchema, message)).toBe(false);
  });
});

describe('messages of the server on the alerts channel', () => {
  test.each([
    { type: 'ping', timestamp },
    { type: 'anomaly_detected', stream_id: 's1', result, timestamp },
    { type: 'anomaly_detected', stream_id: 's1', result, frame: '/9j/4AAQ', timestamp },
    { type: 'alert_acknowledged', stream_id: 's1', alert_id: 'a', user_id: 'u', outcome: null, note: null, timestamp },
    { type: 'anomaly_ended', stream_id: 's1', alert_id: 'a', duration_s: 7, timestamp },
    { type: 'error', code: 'INVALID_MESSAGE', message: 'm', field: 'stream_id' },
  ])('$type is unchanged by its schema', (message) => {
    expect(v.parse(ServerAlertsMessageSchema, message)).toEqual(message);
  });

  test.each([
    ['observation type', { ...result, observation: { ...observation, type: 'cheating' } }],
    ['confidence', { ...result, observation: { ...observation, confidence: 1.1 } }],
    ['number of frames', { ...result, observation: { ...observation, frames: -1 } }],
    ['time', { ...result, raised_at: 'now' }],
  ])('an alert with an invalid %s is refused', (_name, invalid) => {
    const message = { type: 'anomaly_detected', stream_id: 's1', result: invalid, timestamp };
    expect(v.is(ServerAlertsMessageSchema, message)).toBe(false);
  });
});

describe('the list of connections', () => {
  const connection = {
    user_id: 'u',
    connected: true,
    uptime_seconds: 0,
    last_heartbeat: timestamp,
    seconds_since_heartbeat: 3,
  };

  test('has whole seconds', () => {
    const report = { total_connections: 1, connections: [connection] };
    expect(v.parse(ConnectionsReportSchema, report)).toEqual(report);
    const fractional = { ...report, connections: [{ ...connection, uptime_seconds: 0.5 }] };
    expect(v.is(ConnectionsReportSchema, fractional)).toBe(false);
  });
});
