import fc from 'fast-check';
import { isId } from '@invigil/protocol/frame';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { StatementsSchema } from '../../test/xapi-statement-schema.ts';
import type { ReportCreated, ReviewRecorded, SessionEnded, SessionStarted, WebhookEvent } from './webhook-event.ts';
import { xapiStatements } from './xapi-statements.ts';

const homePage = 'https://proctor.example.edu';
/** As a receiver reads them. */
const statements = (event: WebhookEvent, home = homePage) =>
  v.parse(StatementsSchema, JSON.parse(JSON.stringify(xapiStatements(event, home))));

const startedAt = '2026-01-18T10:00:00.000Z';
const timestamp = '2026-01-18T11:00:00.000Z';
const subject = { session_id: 'session-1', exam_id: 'physics~1', member_id: 'ada-lovelace' };
const reported: ReportCreated['reported'][number] = {
  id: 'phone_visible-12',
  type: 'phone_visible',
  from_ms: Date.parse('2026-01-18T10:30:00.000Z'),
  to_ms: Date.parse('2026-01-18T10:30:04.250Z'),
  from_s: 1800,
  to_s: 1804.25,
  duration_s: 4.25,
  confidence: 0.9,
  measured: { phone_conf: 91 },
  evidence: { first: '12', strongest: '14', last: '30' },
  frames: 18,
};
const started: SessionStarted = {
  id: 'msg_1',
  type: 'session.started',
  timestamp: startedAt,
  data: { ...subject, started_at: startedAt },
};
const ended: SessionEnded = {
  id: 'msg_2',
  type: 'session.ended',
  timestamp,
  data: { ...subject, started_at: startedAt, ended_at: timestamp },
};
const figures = { version: 1, rules_version: '5', risk: 7, coverage: 0.9, observations: 2, violations: 0 };
const report: ReportCreated = {
  id: 'msg_3',
  type: 'report.created',
  timestamp,
  data: { ...subject, ...figures },
  reported: [reported, { ...reported, id: 'phone_visible-99', usual: true }],
};
const review: ReviewRecorded = {
  id: 'msg_4',
  type: 'review.recorded',
  timestamp,
  data: {
    ...subject,
    status: 'reviewed',
    outcome: 'follow_up',
    observations: [{ id: 'phone_visible-12', mark: 'confirmed' }],
    contests: [],
  },
};
const all: WebhookEvent[] = [started, ended, report, review];

test('a session is a started and an ended assessment, with its duration', () => {
  const object = { id: 'https://proctor.example.edu/api/v1/exams/physics~1' };
  const actor = { account: { homePage, name: 'ada-lovelace' } };
  expect(statements(started)).toMatchObject([
    { actor, verb: { id: 'http://adlnet.gov/expapi/verbs/initialized' }, object, timestamp: startedAt },
  ]);
  expect(statements(ended)).toMatchObject([
    {
      actor,
      verb: { id: 'http://adlnet.gov/expapi/verbs/terminated' },
      object,
      result: { duration: 'PT3600.00S' },
      timestamp,
    },
  ]);
});

test('each observation of a report is a statement about the exam, with its time and duration', () => {
  const [first, second] = statements(report);
  expect(first).toMatchObject({
    verb: { id: 'urn:invigil:xapi:verb:observed' },
    object: { id: 'https://proctor.example.edu/api/v1/exams/physics~1' },
    result: { duration: 'PT4.25S' },
    context: { contextActivities: { category: [{ id: 'urn:invigil:xapi:observation:phone_visible' }] } },
    timestamp: '2026-01-18T10:30:00.000Z',
  });
  expect(first?.result?.extensions).toEqual({
    'urn:invigil:xapi:extension:observation-id': 'phone_visible-12',
    'urn:invigil:xapi:extension:observation-type': 'phone_visible',
    'urn:invigil:xapi:extension:confidence': 0.9,
    'urn:invigil:xapi:extension:usual-for-student': false,
    'urn:invigil:xapi:extension:report-version': 1,
  });
  expect(second?.result?.extensions).toMatchObject({ 'urn:invigil:xapi:extension:usual-for-student': true });
});

test('a decision states its outcome and the marks', () => {
  expect(statements(review)[0]?.result).toEqual({
    extensions: {
      'urn:invigil:xapi:extension:status': 'reviewed',
      'urn:invigil:xapi:extension:outcome': 'follow_up',
      'urn:invigil:xapi:extension:marks': [{ id: 'phone_visible-12', mark: 'confirmed' }],
      'urn:invigil:xapi:extension:contested': [],
    },
  });
});

test('an alert has no statement: its observation is in the report', () => {
  const alert: WebhookEvent = {
    id: 'msg_5',
    type: 'alert.raised',
    timestamp,
    data: { ...subject, alert_id: 'a', observation: reported },
  };
  expect(xapiStatements(alert, homePage)).toEqual([]);
});

test('statements of a session share the registration, and their ids differ and never change', () => {
  const made = all.flatMap((event) => statements(event));
  expect(new Set(made.map(({ id }) => id)).size).toBe(5);
  expect(all.flatMap((event) => statements(event))).toEqual(made);
  // uuid.uuid5(uuid.NAMESPACE_URL, 'https://proctor.example.edu/api/v1/session/session-1') in Python
  expect(new Set(made.map(({ context }) => context.registration))).toEqual(
    new Set(['c1d9d081-78a4-51f1-b7b5-c523c802bf90']),
  );
  const [other] = statements({ ...started, data: { ...started.data, session_id: 'session-2' } });
  expect(other?.context.registration).not.toBe(made[0]?.context.registration);
});

test('a new version of a report has statements of its own, because statements cannot be changed', () => {
  const next = { ...report, id: 'msg_6', data: { ...report.data, version: 2 } };
  const ids = [report, next].flatMap((event) => statements(event)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
});

test('two servers with sessions of the same id have different statements', () => {
  const [here, there] = [homePage, 'https://other.example.edu'].map((home) => statements(started, home)[0]);
  expect(here?.id).not.toBe(there?.id);
  expect(here?.context.registration).not.toBe(there?.context.registration);
});

test('every event of any session is valid', () => {
  const characters = fc.constantFrom(...'abcXYZ019_.~@-'.split(''));
  const id = fc.string({ unit: characters, minLength: 1, maxLength: 128 }).filter(isId);
  const times = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(id, fc.option(id), fc.option(id), times, times, (session_id, exam_id, member_id, one, other) => {
      const data = { session_id, exam_id, member_id };
      for (const event of [
        { ...started, data: { ...started.data, ...data } },
        { ...ended, data: { ...data, started_at: one.toISOString(), ended_at: other.toISOString() } },
        {
          ...report,
          data: { ...report.data, ...data },
          reported: [{ ...reported, from_ms: one.getTime(), to_ms: other.getTime() }],
        },
        { ...review, data: { ...review.data, ...data } },
      ])
        expect(statements(event)).toHaveLength(1);
    }),
  );
});
