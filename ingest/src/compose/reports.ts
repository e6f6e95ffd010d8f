import type { Express } from 'express';
import type { Logger } from 'pino';
import type { ExamPolicy } from '@invigil/protocol/channels';
import { ReviewService } from '../reports/review-service.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { SessionReports } from '../reports/session-reports.ts';
import type { Config } from '../config.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { accommodationRouter } from '../http/routes/accommodation-router.ts';
import type { Authorizer } from '../http/middleware/authorize.ts';
import { reportRouter } from '../http/routes/report-router.ts';
import { reviewRouter } from '../http/routes/review-router.ts';
import { schemaRouter } from '../http/routes/schema-router.ts';
import { loadSession } from '../http/middleware/load-session.ts';
import { studentRouter } from '../http/routes/student-router.ts';
import { webhookRouter } from '../http/routes/webhook-router.ts';
import type { Throttle } from '../rate-limit/throttle.ts';
import { AccommodationRecords } from '../records/accommodation-records.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { RetentionRecords } from '../records/retention-records.ts';
import { ReviewRecords } from '../records/review-records.ts';
import { StudentRecords } from '../records/student-records.ts';
import { WebhookRecords } from '../records/webhook-records.ts';
import { Retention } from '../retention/retention.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { StudentErasure } from '../students/student-erasure.ts';
import type { WebhookAnnouncements } from './webhook-announcements.ts';

export interface ReportingOptions {
  config: Pick<Config, 'connectionLimits' | 'dumpDir' | 'retentionIntervalMs'>;
  database: RecordsDatabase;
  sessions: Sessions;
  ending: SessionEnding;
  frames: FrameStore;
  analysis: RunningAnalysis;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  authorizer: Authorizer;
  announcements: WebhookAnnouncements;
  policyOf: (examId: string | null) => Promise<ExamPolicy | null>;
  analyzeThrottle: Throttle;
  reportThrottle: Throttle;
  log: Logger;
  now: () => number;
}

/** Reports, reviews and retention. */
export interface Reporting {
  mount(app: Express): void;
  /** Starts purging expired data. */
  start(): void;
  /** When retention last ran to its end, ISO 8601. */
  retentionRanAt(): Promise<string | null>;
  /** Before the records do. */
  close(): Promise<void>;
}

export const createReporting = (options: ReportingOptions): Reporting => {
  const {
    config,
    database,
    sessions,
    ending,
    frames,
    analysis,
    rulesOf,
    authorizer,
    announcements,
    policyOf,
    log,
    now,
  } = options;
  const { analyzeThrottle, reportThrottle } = options;
  const isForStudents = async (examId: string | null): Promise<boolean> =>
    (await policyOf(examId))?.report_to_student ?? true;
  const analyses = new AnalysisRecords(database);
  const webhookRecords = new WebhookRecords(database);
  const reports = new SessionReports({
    sessions,
    analysis,
    analyses,
    ending,
    dumpDir: config.dumpDir,
    rulesOf,
    onAdded: (session, version) => announcements.reportAdded(session, version),
    now,
  });
  const reviews = new ReviewService({
    records: new ReviewRecords(database),
    onReviewed: (session, review) => announcements.reviewRecorded(session, review),
    now,
  });
  const { dumpDir, retentionIntervalMs: intervalMs } = config;
  const retention = new Retention({
    records: new RetentionRecords(database),
    policyOf,
    dumpDir,
    intervalMs,
    log,
    now,
  });
  const students = new StudentRecords(database);
  const find = loadSession(sessions, authorizer);
  const { messageBytes } = config.connectionLimits;
  return {
    mount(app) {
      app.use(
        '/api/v1/session',
        reportRouter({ find, reports, reviews, isForStudents, analyzeThrottle, reportThrottle }),
      );
      app.use('/api/v1/session', reviewRouter({ find, reports, reviews, isForStudents, messageBytes }));
      app.use('/api/v1/schemas', schemaRouter());
      app.use(
        '/api/v1/students',
        studentRouter({
          erasure: new StudentErasure({ records: students, frames, analysis, dumpDir, log, now }),
          exporting: { records: students, frames, dumpDir, now },
          authorizer,
        }),
      );
      app.use(
        '/api/v1/webhooks',
        webhookRouter({ records: webhookRecords, webhooks: announcements.webhooks, authorizer, now }),
      );
      app.use(
        '/api/v1/exams',
        accommodationRouter({ records: new AccommodationRecords(database), authorizer, messageBytes, now }),
      );
    },
    start: () => retention.start(),
    retentionRanAt: () => retention.lastRanAt(),
    async close() {
      await retention.close();
    },
  };
};
