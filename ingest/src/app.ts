import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import type { Express } from 'express';
import { pino } from 'pino';
import type { ExamPolicy } from '@invigil/protocol/channels';
import { RunningAnalysis } from './analysis/running-analysis.ts';
import { sessionRules } from './analysis/session-rules.ts';
import { AccessControl } from './auth/access.ts';
import { authenticatorOf, sessionSecret } from './auth/configured-auth.ts';
import { SessionTokens } from './auth/session-tokens.ts';
import { asyncapiDocument } from './openapi/asyncapi.ts';
import { openapiDocument } from './openapi/openapi.ts';
import { referenceDocument } from './openapi/reference-document.ts';
import { openBus } from './bus/open-bus.ts';
import { anyWord } from './bus/subject.ts';
import { topics } from './bus/topics.ts';
import { sessionChannel, sessionRoom, tellEnded } from './channels/session.ts';
import { ActivePublishers } from './channels/active-publishers.ts';
import type { Config } from './config.ts';
import { createExamining } from './compose/exams.ts';
import { SessionAdmission } from './exams/session-admission.ts';
import { recordedExamMembership } from './exams/recorded-exam-membership.ts';
import { prepareFolders } from './compose/folders.ts';
import { openFrameBackend } from './compose/stores.ts';
import { crossOrigin } from './http/middleware/cross-origin.ts';
import { descriptionRouter } from './http/routes/description-router.ts';
import { Authorizer } from './http/middleware/authorize.ts';
import { fallbackRouter } from './http/routes/fallback-router.ts';
import { loadSession } from './http/middleware/load-session.ts';
import { guidanceRouter } from './http/routes/guidance-router.ts';
import { healthRouter } from './http/routes/health-router.ts';
import { livekitRouter } from './http/routes/livekit-router.ts';
import { answerNotFound } from './http/middleware/not-found.ts';
import { requestTimer } from './http/middleware/request-timer.ts';
import { answerProblems } from './http/middleware/answer-problems.ts';
import { securityHeaders } from './http/middleware/security-headers.ts';
import { sessionRouter } from './http/routes/session-router.ts';
import { staticRouter } from './http/routes/static-router.ts';
import { cannotListen, urlOf } from './http/listening.ts';
import { createMetrics } from './telemetry/ingest-metrics.ts';
import { OutageLog } from './telemetry/outage-log.ts';
import { createProctoring } from './compose/live.ts';
import { ReplicaHeartbeat } from './replicas/replica-heartbeat.ts';
import { Gateway } from './realtime/gateway.ts';
import type { Channel } from './realtime/channel.ts';
import { RefusedOrigins } from './realtime/refused-origins.ts';
import { Rooms } from './realtime/rooms.ts';
import { AccommodationRecords } from './records/accommodation-records.ts';
import { ExamRecords } from './records/exam-records.ts';
import { ExamStudentRecords } from './records/exam-student-records.ts';
import { GuidanceRecords } from './records/guidance-records.ts';
import { RecordsDatabase } from './records/records-database.ts';
import { ReplicaRecords } from './records/replica-records.ts';
import { SessionEndRecords } from './records/session-end-records.ts';
import { SessionRecords } from './records/session-records.ts';
import { createWebhookAnnouncements } from './compose/webhook-announcements.ts';
import { createReporting } from './compose/reports.ts';
import { FallbackConnections } from './sessions/fallback-connections.ts';
import type { OpenSession } from './sessions/fallback-connections.ts';
import { SessionEnding } from './sessions/session-ending.ts';
import { SessionGuidance } from './sessions/session-guidance.ts';
import { SessionIntake } from './sessions/session-intake.ts';
import { Sessions } from './sessions/sessions.ts';

export { loadConfig } from './config.ts';
export type { Config } from './config.ts';

export interface Ingest {
  /** What it answers over HTTP and on which channels, for whoever compares that with its description. */
  readonly doors: { app: Express; channels: readonly Channel[] };
  /** Starts listening; resolves with the port. A port or an address that cannot be had rejects with a sentence that names it. */
  listen(): Promise<{ port: number }>;
  /** Stops accepting, answers what was received, asks clients to reconnect, closes the stores. Idempotent, and bounded in time. */
  close(): Promise<void>;
}

const sweepEveryMs = 30_000;
const closeTimeoutMs = 10_000;
/** Connections for plain requests, beside the WebSockets. */
const requestConnections = 5000;

/** Puts the server together. Nothing listens before `listen()`. Throws when it cannot write to its folders. */
export const createIngest = (config: Config): Ingest => {
  const log = pino({ level: config.logLevel, serializers: { error: pino.stdSerializers.err } });
  const now = Date.now;
  for (const missing of prepareFolders(config)) log.warn({ event: 'folder.missing', ...missing });
  const outages = new OutageLog(log, now);
  const metrics = createMetrics();
  const database = new RecordsDatabase(
    config.databaseUrl === null
      ? { kind: 'sqlite', file: join(config.dataDir, 'records.db') }
      : { kind: 'postgres', url: config.databaseUrl },
    (error) => outages.warn({ event: 'records.failed', error }),
  );
  const records = new SessionRecords(database);
  const { store: frames, checkpoints, throttle } = openFrameBackend(config, log, now);
  const replicaId = randomUUID();
  const bus = openBus({ location: config, replicaId, metrics, outages, log });
  const heartbeat = new ReplicaHeartbeat({ replicaId, records: new ReplicaRecords(database), log, now });
  const rooms = new Rooms();
  const tokens = new SessionTokens(sessionSecret(config.auth, database), config.sessionLifetimeSeconds);
  const authenticator = authenticatorOf(config.auth, tokens, outages, now);
  const sessions = new Sessions({ records, createOnFirstUse: config.auth.mode === 'dev', now });
  const examRecords = new ExamRecords(database);
  const policyOf = async (examId: string | null): Promise<ExamPolicy | null> =>
    examId === null ? null : ((await examRecords.find(examId))?.policy ?? null);
  const announcements = createWebhookAnnouncements({ config, database, sessions, policyOf, log, now });
  const rulesOf = sessionRules({
    sessions: records,
    exams: examRecords,
    accommodations: new AccommodationRecords(database),
  });
  const analysis = new RunningAnalysis({ frames, checkpoints, rulesOf, log, now });
  const ending = new SessionEnding({
    records,
    ends: new SessionEndRecords(database),
    frames,
    analysis,
    rulesOf,
    dumpDir: config.dumpDir,
    sessionLifetimeSeconds: config.sessionLifetimeSeconds,
    log,
    now,
    async onEnded(sessionId) {
      bus.publish(topics.sessionEnded, [sessionId], { session_id: sessionId });
      await announcements.sessionEnded(sessionId);
    },
  });
  const students = new ExamStudentRecords(database);
  const access = new AccessControl(recordedExamMembership(examRecords, students));
  const authorizer = new Authorizer(authenticator, access);
  const proctoring = createProctoring({
    config,
    heartbeat,
    database,
    bus,
    authenticator,
    access,
    analysis,
    authorizer,
    metrics,
    onAlert: (alert) => announcements.alertRaised(alert),
    log,
    now,
  });
  const examining = createExamining({
    config,
    heartbeat,
    database,
    bus,
    authenticator,
    access,
    authorizer,
    ending,
    log,
    now,
  });
  const reporting = createReporting({
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
    analyzeThrottle: throttle('analyze', 1000),
    reportThrottle: throttle('report', 1000),
    log,
    now,
  });
  const intake = new SessionIntake({
    frames,
    records,
    analysis,
    metrics,
    outages,
    now,
    retryAfterMs,
    onStored(sessionId, stored) {
      proctoring.framesStored(sessionId, stored);
      examining.framesStored(sessionId, stored);
    },
    onPicture: (sessionId, picture) => proctoring.pictureTaken(sessionId, picture),
  });

  const publishers = new ActivePublishers(bus, now);
  const guidance = new SessionGuidance({
    records: new GuidanceRecords(database),
    bus,
    policyOf,
    listenersOf: (sessionId) => publishers.of(sessionId),
    listeningSessions: () => publishers.sessions(),
    log,
    now,
  });
  const studentOpened: OpenSession = (session, say) => {
    const opened = proctoring.sessionOpened(session, say);
    const leave = examining.sessionOpened(session);
    return {
      greeted: (hello) => opened.greeted(hello),
      left() {
        opened.left();
        leave();
      },
    };
  };

  const fallbackConnections = new FallbackConnections(studentOpened, config.requestSilenceMs);
  // A replica that misses this event learns it from the store with the client's next message.
  bus.subscribe(topics.sessionEnded, [anyWord], ({ session_id: sessionId }) => {
    analysis.forget(sessionId);
    fallbackConnections.gone(sessionId);
    for (const connection of rooms.members(sessionRoom(sessionId))) void tellEnded(connection, sessionId, now());
  });

  let closing: Promise<void> | null = null;
  const app = express();
  app.disable('x-powered-by');
  app.use(requestTimer(metrics));
  app.use(securityHeaders(config.publicUrl?.startsWith('https:') ?? false));
  const refusedOrigins = new RefusedOrigins(log, now);
  app.use(crossOrigin(config, refusedOrigins));
  app.use(
    healthRouter({
      checks: { frames: () => frames.check(), records: () => database.check(), bus: () => bus.check() },
      facts: { retention_ran_at: () => reporting.retentionRanAt() },
      metrics,
      isClosing: () => closing !== null,
    }),
  );
  app.use(
    descriptionRouter({
      openapi: openapiDocument,
      asyncapi: asyncapiDocument,
      reference: () => referenceDocument(openapiDocument(), asyncapiDocument()),
    }),
  );
  const { messageBytes } = config.connectionLimits;
  const find = loadSession(sessions, authorizer);
  app.use(
    '/api/v1/session',
    fallbackRouter({ sessions, intake, presence: fallbackConnections, authorizer, limits: config.connectionLimits }),
  );
  app.use(
    '/api/v1/session',
    sessionRouter({
      sessions,
      ending,
      tokens,
      admission: new SessionAdmission(examRecords, students, now),
      authorizer,
      find,
      socketOrigin: (request) =>
        (config.publicUrl ?? `http://${request.headers.host ?? `${config.host}:${config.port}`}`).replace(
          /^http/,
          'ws',
        ),
      messageBytes,
      now,
    }),
  );
  app.use('/api/v1/session', guidanceRouter({ find, guidance, messageBytes }));
  app.use(
    '/api/v1/webrtc',
    livekitRouter({ livekit: config.livekit, lifetimeSeconds: config.sessionLifetimeSeconds, authorizer }),
  );
  reporting.mount(app);
  proctoring.mount(app);
  examining.mount(app);
  app.use(staticRouter({ modelsDir: config.modelsDir, demoDir: config.demoDir }));
  app.use(answerNotFound);
  app.use(answerProblems(log));

  const { headersMs, wholeMs, checkEveryMs } = config.requestLimits;
  const server = createServer(
    { headersTimeout: headersMs, requestTimeout: wholeMs, connectionsCheckingInterval: checkEveryMs },
    app,
  );
  // Those that become WebSockets, and some for requests; more are cut at once.
  server.maxConnections = config.maxConnections + requestConnections;
  const channels: readonly Channel[] = [
    sessionChannel({
      sessions,
      intake,
      rooms,
      publishers,
      authenticator,
      access,
      heartbeatMs: config.heartbeatMs,
      now,
      onGreeted: (session, connection) => void guidance.greeted(session, connection),
      onOpened(session, say) {
        const opened = studentOpened(session, say);
        // Sockets work again.
        fallbackConnections.gone(session.sessionId);
        return opened;
      },
    }),
    ...proctoring.channels,
    ...examining.channels,
  ];
  const gateway = new Gateway(server, {
    channels,
    limits: config.connectionLimits,
    maxConnections: config.maxConnections,
    maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    origins: config,
    refusedOrigins,
    metrics,
    log,
    now,
  });

  metrics.watchQueues({
    ...gateway.queues(),
    frames_to_recall: { size: () => analysis.pendingFrames().size, capacity: () => analysis.pendingFrames().capacity },
  });

  const sweep = (): void => {
    ending.sweep().catch((error: unknown) => log.warn({ event: 'sessions.sweep_failed', error }));
  };
  let sweeping: NodeJS.Timeout | undefined;

  const close = async (): Promise<void> => {
    clearInterval(sweeping);
    const closed = new Promise((resolve) => server.close(resolve));
    // A download or a client that dawdles does not hold up the rest.
    const cut = setTimeout(() => server.closeAllConnections(), closeTimeoutMs / 2);
    // Their next requests come to another replica, which lets them in there.
    fallbackConnections.close();
    await gateway.close();
    server.closeIdleConnections();
    await ending.close();
    await closed;
    clearTimeout(cut);
    await proctoring.close();
    await examining.close();
    await heartbeat.close();
    await reporting.close();
    await announcements.close();
    await bus.close();
    // Its checkpoints are beside the frames.
    await analysis.close();
    await frames.close();
    await database.close();
  };

  return {
    doors: { app, channels },
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error) => reject(cannotListen(error, config)));
        server.listen(config.port, config.host, () => {
          sweep();
          examining.start();
          reporting.start();
          sweeping = setInterval(sweep, sweepEveryMs).unref();
          const { port } = server.address() as AddressInfo;
          log.info({
            event: 'server.listening',
            host: config.host,
            port,
            url: config.publicUrl ?? urlOf(config.host, port),
          });
          resolve({ port });
        });
      }),
    close: () => (closing ??= bounded(close(), config.proctoring.presence.drainMs + closeTimeoutMs)),
  };
};

/** Spread, so that a thousand clients do not come back in the same moment. */
const retryAfterMs = (): number => Math.round(1000 + Math.random() * 2000);

const bounded = async (work: Promise<void>, timeoutMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
};
