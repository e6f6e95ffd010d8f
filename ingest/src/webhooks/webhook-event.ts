import { createHash } from 'node:crypto';
import type { Observation } from '@invigil/protocol/rules';
import type { Report, Review } from '@invigil/protocol/report';
import type { Alert } from '../model/alert.ts';
import type { Session } from '../model/session.ts';

/** Events that other systems are notified about. */
export const webhookEvents = [
  'session.started',
  'alert.raised',
  'session.ended',
  'report.created',
  'review.recorded',
] as const;
type WebhookEventType = (typeof webhookEvents)[number];

/** Whose session it is about. */
interface Subject {
  session_id: string;
  exam_id: string | null;
  member_id: string | null;
}

interface EventOf<Type extends WebhookEventType, Data> {
  /** The same event always has the same id, whichever replica queues it and how many times. */
  id: string;
  type: Type;
  /** ISO 8601: when it happened. */
  timestamp: string;
  data: Subject & Data;
}

export type SessionStarted = EventOf<'session.started', { started_at: string }>;
export type AlertRaised = EventOf<'alert.raised', { alert_id: string; observation: Observation }>;
export type SessionEnded = EventOf<'session.ended', { started_at: string; ended_at: string }>;
export type ReviewRecorded = EventOf<
  'review.recorded',
  Pick<Review, 'status' | 'outcome'> & {
    observations: Pick<Review['observations'][number], 'id' | 'mark'>[];
    contests: Pick<Review['contests'][number], 'id'>[];
  }
>;
interface ReportFigures {
  version: number;
  rules_version: string;
  risk: number;
  coverage: number | null;
  observations: number;
  violations: number;
}
export interface ReportCreated extends EventOf<'report.created', ReportFigures> {
  /** For formats that send observations one by one; not part of `data`. */
  reported: Report['observations'];
}

export type WebhookEvent = SessionStarted | AlertRaised | SessionEnded | ReportCreated | ReviewRecorded;

/** Without the dots that a session id may contain, because dots separate the signed parts. */
const idOf = (type: WebhookEventType, ...parts: readonly string[]): string =>
  `msg_${createHash('sha256')
    .update([type, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 32)}`;

const subjectOf = ({ sessionId, examId, memberId }: Pick<Session, 'sessionId' | 'examId' | 'memberId'>): Subject => ({
  session_id: sessionId,
  exam_id: examId,
  member_id: memberId,
});

export const sessionStarted = (session: Session): SessionStarted => ({
  id: idOf('session.started', session.sessionId),
  type: 'session.started',
  timestamp: session.startedAt,
  data: { ...subjectOf(session), started_at: session.startedAt },
});

export const alertRaised = (alert: Alert): AlertRaised => ({
  id: idOf('alert.raised', alert.alertId),
  type: 'alert.raised',
  timestamp: alert.raisedAt,
  data: { ...subjectOf(alert), alert_id: alert.alertId, observation: alert.observation },
});

export const sessionEnded = (session: Session, endedAt: string): SessionEnded => ({
  id: idOf('session.ended', session.sessionId),
  type: 'session.ended',
  timestamp: endedAt,
  data: { ...subjectOf(session), started_at: session.startedAt, ended_at: endedAt },
});

/** Numbers to sort by; a receiver with permission can request the report itself. */
export const reportCreated = (session: Session, report: Report, version: number, at: string): ReportCreated => ({
  id: idOf('report.created', session.sessionId, String(version)),
  type: 'report.created',
  timestamp: at,
  data: {
    ...subjectOf(session),
    version,
    rules_version: report.rules_version,
    risk: report.risk.value,
    coverage: report.coverage?.share ?? null,
    observations: report.observations.length,
    violations: report.violations.total,
  },
  reported: report.observations,
});

/** `actId`: unique among this session's review entries. */
export const reviewRecorded = (session: Session, review: Review, at: string, actId: string): ReviewRecorded => ({
  id: idOf('review.recorded', session.sessionId, actId),
  type: 'review.recorded',
  timestamp: at,
  data: {
    ...subjectOf(session),
    status: review.status,
    outcome: review.outcome,
    observations: review.observations.map(({ id, mark }) => ({ id, mark })),
    contests: review.contests.map(({ id }) => ({ id })),
  },
});
