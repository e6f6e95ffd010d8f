import { createHash } from 'node:crypto';
import type { Report, Review } from '@invigil/protocol/report';
import type { Alert } from '../model/alert.ts';
import type { Session } from '../model/session.ts';

/** What other systems are told of. */
export const webhookEvents = ['alert.raised', 'session.ended', 'report.created', 'review.recorded'] as const;
export type WebhookEventType = (typeof webhookEvents)[number];

export interface WebhookEvent {
  /** The same happening always has the same id, whoever tells of it and how often. */
  id: string;
  type: WebhookEventType;
  /** ISO 8601: when it happened. */
  timestamp: string;
  sessionId: string;
  examId: string | null;
  data: object;
}

/** Without the full stops that a session's id may have: they divide what is signed. */
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

/** The figures to sort by; the report itself is asked for, by whoever may see it. */
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

/** `actId`: anything that no other word on this session has. */
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
