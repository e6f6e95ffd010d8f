import type { Express } from 'express';
import { ReportList } from '../reports/report-list.ts';
import { ReviewService } from '../reports/review-service.ts';
import { ReportAmendments } from '../reports/report-amendments.ts';
import { SessionReplay } from '../reports/session-replay.ts';
import { StudentHistory } from '../reports/student-history.ts';
import { SessionReports } from '../reports/session-reports.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import type { Session } from '../model/session.ts';
import { accommodationRouter } from '../http/routes/accommodation-router.ts';
import { examReportsRouter } from '../http/routes/exam-reports-router.ts';
import { replayRouter } from '../http/routes/replay-router.ts';
import { reportRouter } from '../http/routes/report-router.ts';
import { reviewRouter } from '../http/routes/review-router.ts';
import { ruleOutcomesRouter } from '../http/routes/rule-outcomes-router.ts';
import { schemaRouter } from '../http/routes/schema-router.ts';
import { loadSession } from '../http/middleware/load-session.ts';
import { sessionErasureRouter } from '../http/routes/session-erasure-router.ts';
import { studentHistoryRouter } from '../http/routes/student-history-router.ts';
import { studentRouter } from '../http/routes/student-router.ts';
import { webhookRouter } from '../http/routes/webhook-router.ts';
import { AccommodationRecords } from '../records/accommodation-records.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ReportSummaryRecords } from '../records/report-summary-records.ts';
import { RetentionRecords } from '../records/retention-records.ts';
import { ReviewRecords } from '../records/review-records.ts';
import { StudentRecords } from '../records/student-records.ts';
import { WebhookRecords } from '../records/webhook-records.ts';
import { Retention } from '../retention/retention.ts';
import { StudentErasure } from '../students/student-erasure.ts';
import type { WebhookAnnouncements } from './webhook-announcements.ts';
import { budgetTable } from '../budget/budget-table.ts';
import type { PolicyOf } from '../exams/exam-policies.ts';
import { markNow } from '../time/clock-check.ts';
import type { Authorization } from './authorization.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';
import type { SessionsPart } from './sessions.ts';

export interface ReportsOptions {
  infrastructure: Infrastructure;
  authorization: Authorization;
  policyOf: PolicyOf;
  announcements: WebhookAnnouncements;
  sessions: SessionsPart;
}

export interface ReportsPart extends ServerPart {
  /** Starts purging expired data. */
  start(): void;
  /** When expired data was last purged, ISO 8601. */
  retentionRanAt(): Promise<string | null>;
  /** Why nothing is purged, if the clock may be wrong. */
  retentionStopped(): string | null;
  /** Call when all sessions that were ending have ended, and before the records close. Stops the threads. */
  close(): Promise<void>;
}

/** Minimum interval between analyses, and between reports, of one session. */
const reportEveryMs = 1000;

const exportEveryMs = 60_000 / budgetTable.exports.limit;

/** Reports, reviews, a student's data, webhook deliveries and retention. */
export const composeReports = (options: ReportsOptions): ReportsPart => {
  const { config, database, metrics, log, now } = options.infrastructure;
  let clockProblem: string | null = null;
  const retention = new Retention({
    records: new RetentionRecords(database),
    policyOf: options.policyOf,
    dumpDir: config.dumpDir,
    intervalMs: config.retentionIntervalMs,
    log,
    now,
    markOf: markNow,
    onClock(problem) {
      clockProblem = problem;
      metrics.retentionStopped.set(problem === null ? 0 : 1);
    },
  });
  return {
    channels: [],
    mount(app) {
      mountReports(app, options);
      mountRecordKeeping(app, options);
    },
    start: () => retention.start(),
    retentionRanAt: () => retention.lastRanAt(),
    retentionStopped: () => clockProblem,
    async close() {
      await retention.close();
      await options.infrastructure.threads.close();
    },
  };
};

const mountReports = (app: Express, options: ReportsOptions): void => {
  const { sessions, policyOf, announcements } = options;
  const { config, database, threads, createThrottle, budget, storeClock, log, now } = options.infrastructure;
  const onAdded = async (session: Session, version: number): Promise<void> => {
    await sessions.receipts.sign(session.sessionId, version);
    announcements.reportAdded(session, version);
  };
  const analyses = new AnalysisRecords(database);
  const amendments = new ReportAmendments({
    analyses,
    ends: new SessionEndRecords(database),
    dumpDir: config.dumpDir,
    threads,
    contextOf: sessions.contextOf,
    onAdded,
    log,
    now,
    claimNow: storeClock.now,
  });
  const reports = new SessionReports({
    sessions: sessions.sessions,
    analysis: sessions.analysis,
    analyses,
    ending: sessions.ending,
    dumpDir: config.dumpDir,
    threads,
    rulesOf: sessions.rulesOf,
    contextOf: sessions.contextOf,
    amendments,
    onAdded,
    now,
  });
  const reviews = new ReviewService({
    records: new ReviewRecords(database),
    onReviewed: (session, review) => announcements.reviewRecorded(session, review),
    budget,
    now,
  });
  const find = loadSession(sessions.sessions, options.authorization.authorizer);
  const isForStudents = reportVisibility(policyOf);
  const reading = {
    find,
    reports,
    reviews,
    isForStudents,
    analyzeThrottle: createThrottle('analyze', reportEveryMs),
    reportThrottle: createThrottle('report', reportEveryMs),
  };
  const replay = new SessionReplay({ frames: options.infrastructure.frames, dumpDir: config.dumpDir });
  app.use(
    '/api/v1/session',
    reportRouter(reading),
    replayRouter({ ...reading, analyzeThrottle: createThrottle('replay', reportEveryMs), replay }),
    reviewRouter({
      authorizer: options.authorization.authorizer,
      find,
      reports,
      reviews,
      isForStudents,
      messageBytes: config.connectionLimits.messageBytes,
    }),
  );
  app.use('/api/v1/schemas', schemaRouter());
  mountReportList(app, options, reviews);
};

const mountReportList = (app: Express, options: ReportsOptions, reviews: ReviewService): void => {
  const { config, database, log } = options.infrastructure;
  const { authorizer } = options.authorization;
  const { sessions } = options.sessions;
  const exams = new ExamRecords(database);
  const summaries = new ReportSummaryRecords(database);
  const list = new ReportList({
    summaries,
    find: (sessionId) => sessions.find(sessionId),
    review: (session, actor, request) => reviews.reviewUncontested(session, actor, request),
    onFailure: (error) => log.error({ event: 'reviews.stopped', error }),
    examIdsOf: (teacherId) => exams.idsOf(teacherId),
  });
  const findExam = (examId: string): ReturnType<ExamRecords['find']> => exams.find(examId);
  const { messageBytes } = config.connectionLimits;
  app.use('/api/v1/exams', examReportsRouter({ list, findExam, authorizer, messageBytes }));
  const history = new StudentHistory({ summaries, findExam });
  app.use('/api/v1/students', studentHistoryRouter({ history, authorizer }));
  app.use('/api/v1/rule-outcomes', ruleOutcomesRouter({ list, authorizer }));
};

/** Whether an exam's policy lets students read their own reports. */
const reportVisibility =
  (policyOf: PolicyOf) =>
  async (examId: string | null): Promise<boolean> =>
    (await policyOf(examId))?.report_to_student ?? true;

const mountRecordKeeping = (app: Express, options: ReportsOptions): void => {
  const { config, database, frames, createThrottle, log, now } = options.infrastructure;
  const { authorizer } = options.authorization;
  const { analysis } = options.sessions;
  const { dumpDir, connectionLimits } = config;
  const students = new StudentRecords(database);
  const erasure = new StudentErasure({ records: students, frames, analysis, dumpDir, log, now });
  const isReportVisible = reportVisibility(options.policyOf);
  const find = loadSession(options.sessions.sessions, authorizer);
  app.use('/api/v1/session', sessionErasureRouter({ find, erasure }));
  app.use(
    '/api/v1/students',
    studentRouter({
      erasure,
      exporting: { records: students, frames, dumpDir, isReportVisible, now },
      authorizer,
      exportThrottle: createThrottle('exports', exportEveryMs),
    }),
  );
  app.use(
    '/api/v1/webhooks',
    webhookRouter({
      records: new WebhookRecords(database),
      webhooks: options.announcements.webhooks,
      authorizer,
      now,
    }),
  );
  app.use(
    '/api/v1/exams',
    accommodationRouter({
      records: new AccommodationRecords(database),
      authorizer,
      messageBytes: connectionLimits.messageBytes,
      now,
    }),
  );
};
