import type { Express, Request } from 'express';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { RunningAnalysis } from '../analysis/running-analysis.ts';
import { recordedContext } from '../analysis/recorded-context.ts';
import type { ContextOf } from '../analysis/recorded-context.ts';
import { sessionRules } from '../analysis/session-rules.ts';
import { topics } from '../bus/topics.ts';
import type { Config } from '../config.ts';
import { defaultPolicy } from '../exams/exam-policies.ts';
import type { PolicyOf } from '../exams/exam-policies.ts';
import { ExamMembers } from '../exams/exam-members.ts';
import { SessionAdmission } from '../exams/session-admission.ts';
import { loadSession } from '../http/middleware/load-session.ts';
import { livekitRouter } from '../http/routes/livekit-router.ts';
import { publicReceiptRouter, receiptRouter } from '../http/routes/receipt-router.ts';
import { safeExamBrowserRouter } from '../http/routes/safe-exam-browser-router.ts';
import { sessionRouter } from '../http/routes/session-router.ts';
import { ReceiptService } from '../receipts/receipt-service.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { ReceiptRecords } from '../records/receipt-records.ts';
import { AccommodationRecords } from '../records/accommodation-records.ts';
import { AlertRecords } from '../records/alert-records.ts';
import { CameraLinkRecords } from '../records/camera-link-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ErasureRecords } from '../records/erasure-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { RetentionRecords } from '../records/retention-records.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { SessionEnding } from '../sessions/session-ending.ts';
import { Sessions } from '../sessions/sessions.ts';
import { clockProblem, markNow } from '../time/clock-check.ts';
import { composeBrowserGuard, originOf } from './browser-guard.ts';
import type { Authorization } from './authorization.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';
import type { Announcements } from './webhook-announcements.ts';

export interface SessionsPart extends ServerPart {
  sessions: Sessions;
  analysis: RunningAnalysis;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  contextOf: ContextOf;
  ending: SessionEnding;
  receipts: ReceiptService;
  /** Starts to finish interrupted ends and to end sessions that exceed their lifetime. */
  startSweep(): void;
  stopSweep(): void;
}

const sweepEveryMs = 30_000;

/** The rule by which the retention purges. */
const clockTrust = (retention: RetentionRecords, now: () => number) => async (): Promise<boolean> => {
  const last = await retention.lastMark();
  return last === null || clockProblem(last, markNow(now())) === null;
};

/** Starting, analysing and ending sessions. Their frames arrive through the session channel. */
export const composeSessions = (
  infrastructure: Infrastructure,
  authorization: Authorization,
  announcements: Announcements,
  policyOf: PolicyOf,
): SessionsPart => {
  const { config, database, frames, checkpoints, threads, bus, budget, storeClock, log, now } = infrastructure;
  const records = new SessionRecords(database);
  const exams = new ExamRecords(database);
  const sessions = new Sessions({
    records,
    createOnFirstUse: config.auth.mode === 'dev',
    now,
    onRefused: () => budget.refused('sessions'),
    onStarted: (session) => announcements.sessionStarted(session),
  });
  const rulesOf = sessionRules({ sessions: records, exams, accommodations: new AccommodationRecords(database) });
  const contextOf = composeContext(database, records, exams);
  const analysis = new RunningAnalysis({
    frames,
    checkpoints,
    rulesOf,
    startedMsOf: async (sessionId) => Date.parse((await records.find(sessionId))?.startedAt ?? '') || now(),
    onCheckpoint: (sessionId, stream, coverage) =>
      records
        .saveFramesStored(sessionId, { ...stream, coverage })
        .catch((error: unknown) => log.warn({ event: 'records.failed', error })),
    log,
    now,
  });
  const receipts = new ReceiptService({
    records: new ReceiptRecords(database),
    analyses: new AnalysisRecords(database),
    now,
  });
  const ending = new SessionEnding({
    records,
    ends: new SessionEndRecords(database),
    frames,
    analysis,
    rulesOf,
    contextOf,
    dumpDir: config.dumpDir,
    threads,
    sessionLifetimeSeconds: config.sessionLifetimeSeconds,
    isClockTrusted: clockTrust(new RetentionRecords(database), now),
    maxWaitForMessagesMs: config.maxWaitForMessagesMs,
    log,
    now,
    claimNow: storeClock.now,
    sign: (sessionId) => receipts.sign(sessionId),
    async onEnded(sessionId) {
      bus.publish(topics.sessionEnded, [sessionId], { session_id: sessionId });
      await announcements.sessionEnded(sessionId);
    },
  });
  const students = new ExamStudentRecords(database);
  const admission = composeAdmission(infrastructure, exams, students);
  const members = new ExamMembers(exams, students);

  const sweep = (): void =>
    void ending.sweep().catch((error: unknown) => log.warn({ event: 'sessions.sweep_failed', error }));
  let sweepTimer: NodeJS.Timeout | undefined;
  return {
    sessions,
    analysis,
    rulesOf,
    contextOf,
    ending,
    receipts,
    channels: [],
    mount: (app) =>
      mountSessions(app, { infrastructure, authorization, sessions, ending, receipts, admission, members, policyOf }),
    startSweep() {
      sweep();
      sweepTimer = setInterval(sweep, sweepEveryMs).unref();
    },
    stopSweep: () => clearInterval(sweepTimer),
  };
};

const composeContext = (database: RecordsDatabase, sessions: SessionRecords, exams: ExamRecords): ContextOf =>
  recordedContext({
    sessions,
    students: new ExamStudentRecords(database),
    work: new ExamWorkRecords(database),
    alerts: new AlertRecords(database),
    exams,
    links: new ExamLinkRecords(database),
    cameras: new CameraLinkRecords(database),
  });

const composeAdmission = (
  { config, database, now }: Infrastructure,
  exams: ExamRecords,
  students: ExamStudentRecords,
): SessionAdmission => {
  const { allowsUnregisteredExams } = config;
  const erasures = new ErasureRecords(database);
  return new SessionAdmission({ exams, students, erasures, allowsUnregisteredExams, now });
};

interface SessionRoutes {
  infrastructure: Infrastructure;
  authorization: Authorization;
  sessions: Sessions;
  ending: SessionEnding;
  receipts: ReceiptService;
  admission: SessionAdmission;
  members: ExamMembers;
  policyOf: PolicyOf;
}

const mountSessions = (app: Express, routes: SessionRoutes): void => {
  const { sessions, ending, receipts, admission } = routes;
  const { config, now } = routes.infrastructure;
  const { tokens, authorizer } = routes.authorization;
  app.use(
    '/api/v1/session',
    sessionRouter({
      sessions,
      ending,
      tokens,
      admission,
      authorizer,
      find: loadSession(sessions, authorizer),
      browser: composeBrowserGuard(config, routes.policyOf),
      policyOf: async (examId) => (await routes.policyOf(examId)) ?? defaultPolicy,
      socketOrigin: (request) => socketOriginOf(config, request),
      messageBytes: config.connectionLimits.messageBytes,
      now,
    }),
  );
  app.use(safeExamBrowserRouter({ policyOf: routes.policyOf, originOf: (request) => originOf(config, request) }));
  app.use(publicReceiptRouter(receipts));
  app.use('/api/v1/session', receiptRouter(loadSession(sessions, authorizer), receipts));
  app.use(
    '/api/v1/webrtc',
    livekitRouter({
      livekit: config.livekit,
      lifetimeSeconds: config.sessionLifetimeSeconds,
      authorizer,
      members: routes.members,
      needsMembership: config.auth.mode !== 'dev',
    }),
  );
};

/** `ws://…` of this server, as the client reaches it. */
const socketOriginOf = (config: Config, request: Request): string => originOf(config, request).replace(/^http/, 'ws');
