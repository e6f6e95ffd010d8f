import { createHash } from 'node:crypto';
import { isoTime } from '../time/iso-time.ts';
import type { ReportCreated, WebhookEvent } from './webhook-event.ts';

/** Sent with the statements; learning record stores for xAPI 2.0 accept it. https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Communication.md#versioning */
export const xapiHeaders = { 'x-experience-api-version': '1.0.3' } as const;

type Extensions = Readonly<Record<string, unknown>>;

/** https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Data.md#statements, as far as it is used here. */
export interface XapiStatement {
  id: string;
  actor: { objectType: 'Agent'; account: { homePage: string; name: string } };
  verb: { id: string; display: Readonly<Record<string, string>> };
  object: { objectType: 'Activity'; id: string; definition: { type: string } };
  result?: { duration?: string; extensions?: Extensions };
  context: { registration: string; platform: string; contextActivities?: { category: { id: string }[] } };
  /** ISO 8601. */
  timestamp: string;
}

const verb = (id: string, en: string, de: string, es: string) => ({ id, display: { en, de, es } });
const verbs = {
  started: verb('http://adlnet.gov/expapi/verbs/initialized', 'started', 'begann', 'empezó'),
  ended: verb('http://adlnet.gov/expapi/verbs/terminated', 'ended', 'beendete', 'terminó'),
  observed: verb('urn:invigil:xapi:verb:observed', 'was observed in', 'wurde beobachtet in', 'fue observado en'),
  reviewed: verb('urn:invigil:xapi:verb:reviewed', 'was reviewed in', 'wurde geprüft in', 'fue revisado en'),
};
const assessment = 'http://adlnet.gov/expapi/activities/assessment';
const extension = (name: string): string => `urn:invigil:xapi:extension:${name}`;

/** The namespace of names that are URLs. https://www.rfc-editor.org/rfc/rfc9562#name-namespace-id-usage-and-alloc */
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** The UUID of version 5 for a URL: the same URL always has the same. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 */
const uuidOf = (url: string): string => {
  const bytes = createHash('sha1').update(urlNamespace).update(url).digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
};

/** ISO 8601, in hundredths of a second, because the specification compares durations to that precision. */
const durationOf = (ms: number): string => `PT${(Math.max(0, ms) / 1000).toFixed(2)}S`;

type Subject = WebhookEvent['data'];

const sessionUrl = (homePage: string, { session_id: id }: Subject): string =>
  `${homePage}/api/v1/session/${encodeURIComponent(id)}`;

/** What all statements about a session share. */
const contextOf = (homePage: string, subject: Subject) => {
  const session = sessionUrl(homePage, subject);
  const exam = subject.exam_id === null ? session : `${homePage}/api/v1/exams/${encodeURIComponent(subject.exam_id)}`;
  return {
    // Sessions without a student exist only with AUTH=dev.
    actor: { objectType: 'Agent', account: { homePage, name: subject.member_id ?? `session/${subject.session_id}` } },
    object: { objectType: 'Activity', id: exam, definition: { type: assessment } },
    context: { registration: uuidOf(session), platform: 'Invigil' },
  } as const;
};

const observationsOf = ({ id, data, reported }: ReportCreated, homePage: string): XapiStatement[] => {
  const shared = contextOf(homePage, data);
  return reported.map((observation) => ({
    // A later version of the report can change an observation, and a statement never changes.
    id: uuidOf(`${sessionUrl(homePage, data)}#${id}/${encodeURIComponent(observation.id)}`),
    ...shared,
    verb: verbs.observed,
    result: {
      duration: durationOf(observation.to_ms - observation.from_ms),
      extensions: {
        [extension('observation-id')]: observation.id,
        [extension('observation-type')]: observation.type,
        [extension('confidence')]: observation.confidence,
        [extension('usual-for-student')]: observation.usual ?? false,
        [extension('report-version')]: data.version,
      },
    },
    context: {
      ...shared.context,
      contextActivities: { category: [{ id: `urn:invigil:xapi:observation:${observation.type}` }] },
    },
    timestamp: isoTime(observation.from_ms),
  }));
};

/**
 * An event as xAPI statements about the student: user ids, and no names, texts or answers. Observations are what was measured, not
 * judgements. Alerts have none: their observations are in the report, with their whole duration.
 * @param homePage URL of this server without a trailing slash: where the accounts are, and where addresses of exams and sessions begin
 */
export const xapiStatements = (event: WebhookEvent, homePage: string): XapiStatement[] => {
  const { id: eventId, data, timestamp } = event;
  const id = uuidOf(`${sessionUrl(homePage, data)}#${eventId}`);
  const common = { id, ...contextOf(homePage, data), timestamp };
  switch (event.type) {
    case 'session.started':
      return [{ ...common, verb: verbs.started }];
    case 'session.ended': {
      const duration = durationOf(Date.parse(event.data.ended_at) - Date.parse(event.data.started_at));
      return [{ ...common, verb: verbs.ended, result: { duration } }];
    }
    case 'alert.raised':
      return [];
    case 'report.created':
      return observationsOf(event, homePage);
    case 'review.recorded': {
      const { status, outcome, observations, contests } = event.data;
      const extensions = {
        [extension('status')]: status,
        [extension('outcome')]: outcome,
        [extension('marks')]: observations,
        [extension('contested')]: contests.map((contest) => contest.id),
      };
      return [{ ...common, verb: verbs.reviewed, result: { extensions } }];
    }
  }
};
