import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { isMatch, subject } from './subject.ts';
import { topics } from './topics.ts';

const at = '2026-01-05T09:00:00.000Z';
const observation = {
  id: 'phone_visible-3',
  type: 'phone_visible',
  from_ms: 1,
  to_ms: 2,
  confidence: 0.6,
  measured: {},
  evidence: { first: '3', strongest: '3', last: '4' },
  frames: 2,
};
const alert = {
  alertId: 's1:phone_visible-3',
  sessionId: 's1',
  examId: null,
  memberId: 'ada',
  observation,
  raisedAt: at,
  escalated: false,
  durationS: null,
};
const arrival = { at_ms: 1, id: 'x' };

/** A message of each topic, as a replica publishes it. */
const examples: Record<keyof typeof topics, object> = {
  sessionEnded: { session_id: 's1' },
  sessionPublisher: { session_id: 's1', ...arrival },
  sessionGuided: { session_id: 's1', message: { type: 'breaks', allowed: true } },
  examAll: {
    type: 'participant_joined',
    session_id: 'physics',
    student_id: 'ada',
    connected_count: 1,
    timestamp: at,
    order: 1_767_600_000_000_001,
  },
  examTeachers: { type: 'violation', student_id: 'ada', violation_type: 'TAB_SWITCH', timestamp: at, total_count: 1 },
  examReplaced: { slot: 'exam:physics:ada' },
  classroom: { type: 'event', label: 'agent.enter', payload: 'web.ada' },
  agentReplace: { id: '1', from: 'r1', classroomId: 'c1', agentId: 'web.ada' },
  agentReplaced: { id: '1' },
  alerts: { kind: 'raised', alert, picture: null },
  alertsArrival: { user_id: 'tina', ...arrival },
  liveControl: { kind: 'wanted', sentinelId: 's1', replicaId: 'r1' },
  liveFrames: { sentinelId: 's1', frames: [{ sentinelId: 's1', frameId: '0', index: 0, data: null }], again: false },
  staffSignedOut: { session_ids: ['a'] },
  clocks: { replica: 'r1', at_ms: 1 },
  sentinelRoster: { kind: 'set', replica: 'r1', version: 1, item: ['s1', 5, { examId: null, name: 'Ada' }] },
  watchRoster: { kind: 'whole', replica: 'r1', version: 1, begins: true, items: [['s1', 5, {}]] },
  alertsRoster: {
    kind: 'set',
    replica: 'r1',
    version: 1,
    item: ['x', 5, { userId: 'tina', arrivedMs: 1, lastHeartbeatMs: 2 }],
  },
};
const named = Object.entries(examples) as [keyof typeof topics, object][];

describe('the topics of the bus', () => {
  test.each(named)('%s: a message of another replica is read as it was sent', (name, message) => {
    const { schema } = topics[name] as { schema: v.GenericSchema };
    expect(v.parse(schema, JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  test.each(named)('%s: a message with a missing field is refused', (name, message) => {
    const { schema } = topics[name] as { schema: v.GenericSchema };
    // A message without its `kind` or `type`, an id or a list would be useless.
    const required = Object.keys(message).filter(
      (field) => !['user_id', 'picture', 'payload', 'order'].includes(field),
    );
    expect(required.length).toBeGreaterThan(0);
    for (const field of required) {
      expect(v.is(schema, { ...message, [field]: undefined })).toBe(false);
    }
  });

  test('have subjects of their own, also for ids that hold dots and wildcards', () => {
    const patterns = Object.values(topics).map(({ pattern }) => pattern as string);
    expect(new Set(patterns).size).toBe(patterns.length);
    for (const [at_, pattern] of patterns.entries()) {
      const words = Array.from({ length: pattern.split('*').length - 1 }, () => 'a.b.*');
      const own = subject(pattern, words);
      const matching = patterns.filter((other) => isMatch(other, own));
      expect(matching).toEqual([patterns[at_]]);
    }
  });
});

describe('relayed frames', () => {
  const relayed = (features: object) => ({
    sentinelId: 's1',
    frames: [{ sentinelId: 's1', frameId: '7', index: 7, data: null, features }],
    again: false,
  });
  const readings = { timestamp: 1_767_600_000_000, no_of_face: 1, head_yaw: 0.1, unknown: { hands: 'not_due' } };

  test.each([readings, { timestamp: 1, page_violations: [{ type: 'TAB_SWITCH', timestamp: 1 }] }])(
    'keep their readings: %j',
    (features) => {
      expect(v.parse(topics.liveFrames.schema, relayed(features))).toEqual(relayed(features));
    },
  );

  test.each([{ ...readings, head_yaw: 'left' }, { no_of_face: 1 }, { ...readings, timestamp: null }, []])(
    'with readings that no replica sends are refused: %j',
    (features) => {
      expect(v.is(topics.liveFrames.schema, relayed(features))).toBe(false);
    },
  );

  test('lose what is not a reading', () => {
    const parsed = v.parse(topics.liveFrames.schema, relayed({ ...readings, seq: 7, other: 'x' }));
    expect(parsed).toEqual(relayed(readings));
  });
});

describe('rosters', () => {
  test.each([
    { kind: 'delete', replica: 'r1', version: 2, key: 's1' },
    { kind: 'beat', replica: 'r1', version: 2 },
    { kind: 'ask', replica: 'r1' },
    { kind: 'gone', replica: 'r1' },
  ])('exchange $kind', (message) => {
    expect(v.parse(topics.watchRoster.schema, message)).toEqual(message);
  });

  test('of a replica that does not state the arrival of a connection read it as 0', () => {
    const message = { kind: 'set', replica: 'r1', version: 1, item: ['x', 5, { userId: 'tina', lastHeartbeatMs: 2 }] };
    expect(v.parse(topics.alertsRoster.schema, message)).toMatchObject({ item: ['x', 5, { arrivedMs: 0 }] });
  });

  test.each([
    { kind: 'hello', replica: 'r1' },
    { kind: 'set', replica: 'r1', version: 1, item: ['s1', 5] },
    { kind: 'set', replica: 'r1', version: '1', item: ['s1', 5, { examId: null, name: 'Ada' }] },
  ])('refuse %j', (message) => {
    expect(v.is(topics.sentinelRoster.schema, message)).toBe(false);
  });
});
