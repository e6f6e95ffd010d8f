import { createHash } from 'node:crypto';
import type { Report, Review } from '@invigil/protocol/report';
import type { Alert } from '../model/alert.ts';
import type { Session } from '../model/session.ts';

/** Events that other systems are notified about. */
export const webhookEvents = ['alert.raised', 'session.ended', 'report.created', 'review.recorded'] as const;
type WebhookEventType = (typeof webhookEvents)[number];

export interface WebhookEvent {
  /** The same event always has the same id, whichever replica queues it and how many times. */
  id: string;
  type: WebhookEventType;
  /** ISO 8601: when it happened. */
  timestamp: string;
  sessionId: string;
  examId: string | null;
  data: object;
}

/** Without the dots that a session id may contain, because dots separate the signed parts. */
const idOf = (type: WebhookEventType, ...parts: readonly string[]): string =>
  `msg_${createHash('sha256')
    .update([type, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 32)}`;

const subjectOf = ({ sessionId, examId, memberId }: Pick<Session, 'sessionId' | 'examId' | 'memberId'>) => ({
  session_id: sessionId,
  exam_id: examId,
  member_id: memberId,
});

export const alertRaised = (alert: Alert): WebhookEvent => ({
  id: idOf('alert.raised', alert.alertId),
  type: 'alert.raised',
  timestamp: alert.raisedAt,
  sessionId: alert.sessionId,
  examId: alert.examId,
  data: { ...subjectOf(alert), alert_id: alert.alertId, observation: alert.observation },
});

export const sessionEnded = (session: Session, endedAt: string): WebhookEvent => ({
  id: idOf('session.ended', session.sessionId),
  type: 'session.ended',
  timestamp: endedAt,
  sessionId: session.sessionId,
  examId: session.examId,
  data: { ...subjectOf(session), started_at: session.startedAt, ended_at: endedAt },
});

/** Numbers to sort by; a receiver with permission can request the report itself. */
export const reportCreated = (session: Session, report: Report, version: number, at: string): WebhookEvent => ({
  id: idOf('report.created', session.sessionId, String(version)),
  type: 'report.created',
  timestamp: at,
  sessionId: session.sessionId,
  examId: session.examId,
  data: {
    ...subjectOf(session),
    version,
    rules_version: report.rules_version,
    risk: report.risk.value,
    coverage: report.coverage?.share ?? null,
    observations: report.observations.length,
    violations: report.violations.total,
  },
});

/** `actId`: unique among this session's review entries. */
export const reviewRecorded = (session: Session, review: Review, at: string, actId: string): WebhookEvent => ({
  id: idOf('review.recorded', session.sessionId, actId),
  type: 'review.recorded',
  timestamp: at,
  sessionId: session.sessionId,
  examId: session.examId,
  data: {
    ...subjectOf(session),
    status: review.status,
    outcome: review.outcome,
    observations: review.observations.map(({ id, mark }) => ({ id, mark })),
    contests: review.contests.map(({ id }) => ({ id })),
  },
});
