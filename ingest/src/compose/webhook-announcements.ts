import { randomUUID } from 'node:crypto';
import type { Review } from '@invigil/protocol/report';
import type { PolicyOf } from '../exams/exam-policies.ts';
import type { Alert } from '../model/alert.ts';
import type { Session } from '../model/session.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import type { OnGuidanceAct } from '../records/guidance-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { WebhookRecords } from '../records/webhook-records.ts';
import { urlOf } from '../http/listening.ts';
import { isoTime } from '../time/iso-time.ts';
import { alertRaised, reportCreated, reviewRecorded, sessionEnded, sessionStarted } from '../webhooks/webhook-event.ts';
import { Webhooks } from '../webhooks/webhooks.ts';
import type { Infrastructure } from './infrastructure.ts';

/** What happens in sessions, for other systems. */
export interface Announcements {
  sessionStarted(session: Session): void;
  alertRaised(alert: Alert): void;
  /** Idempotent. May be called by several replicas; the caller must repeat it if it rejects. */
  sessionEnded(sessionId: string): Promise<void>;
  /** Reads the report in the background; a failure is logged. */
  reportAdded(session: Session, version: number): void;
  reviewRecorded(session: Session, review: Review): void;
  /** A proctor's act during a session. */
  guided: OnGuidanceAct;
  /** Call before the records close. */
  close(): Promise<void>;
}

/** Sends events to other systems as webhooks. */
export interface WebhookAnnouncements extends Announcements {
  webhooks: Webhooks;
}

/** Depends on no part that raises these events, so it can be created before all of them. */
export const composeWebhookAnnouncements = (
  { config, database, storeClock, log }: Infrastructure,
  policyOf: PolicyOf,
): WebhookAnnouncements => {
  const sessions = new SessionRecords(database);
  const analyses = new AnalysisRecords(database);
  const records = new WebhookRecords(database);
  // One replica queues a delivery or claims it, another one sends it.
  const { now } = storeClock;
  const homePage = config.publicUrl ?? urlOf(config.host, config.port);
  const sending = { homePage, records, policyOf, log, now, random: Math.random };
  const webhooks = new Webhooks({ config: config.webhooks, ...sending });
  const pending = new Set<Promise<void>>();

  const announceReport = async (session: Session, version: number): Promise<void> => {
    const kept = await analyses.kept(session.sessionId, version);
    if (kept !== null) webhooks.enqueue(reportCreated(session, JSON.parse(kept.report), kept.version, kept.createdAt));
  };

  return {
    webhooks,
    sessionStarted: (session) => webhooks.enqueue(sessionStarted(session)),
    alertRaised: (alert) => webhooks.enqueue(alertRaised(alert)),
    async sessionEnded(sessionId) {
      if (config.webhooks === null) return;
      const session = await sessions.find(sessionId);
      if (session === null || session.endedAt === null) return;
      // Only if the server stopped before it was queued.
      webhooks.enqueue(sessionStarted(session));
      webhooks.enqueue(sessionEnded(session, session.endedAt));
      await announceReport(session, 1);
    },
    reportAdded(session, version) {
      const work = announceReport(session, version)
        .catch((error: unknown) => log.error({ event: 'webhook.not_told', error }))
        .finally(() => pending.delete(work));
      pending.add(work);
    },
    reviewRecorded: (session, review) =>
      webhooks.enqueue(reviewRecorded(session, review, isoTime(now()), randomUUID())),
    guided: () => undefined,
    async close() {
      await Promise.allSettled(pending);
      await webhooks.close();
    },
  };
};
