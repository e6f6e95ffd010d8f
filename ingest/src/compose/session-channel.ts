import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import { ActivePublishers } from '../channels/active-publishers.ts';
import { sendEnded, sessionChannel, sessionRoom } from '../channels/session.ts';
import { recordedNotices } from '../exams/exam-notice.ts';
import { defaultPolicy } from '../exams/exam-policies.ts';
import type { PolicyOf } from '../exams/exam-policies.ts';
import { loadSession } from '../http/middleware/load-session.ts';
import { cameraRouter } from '../http/routes/camera-router.ts';
import { fallbackRouter } from '../http/routes/fallback-router.ts';
import { classMessageRouter } from '../http/routes/class-message-router.ts';
import { guidanceRouter } from '../http/routes/guidance-router.ts';
import { Rooms } from '../realtime/rooms.ts';
import { CameraLinkRecords } from '../records/camera-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { GuidanceRecords } from '../records/guidance-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { FallbackConnections } from '../sessions/fallback-connections.ts';
import { PhoneCameras } from '../sessions/phone-cameras.ts';
import type { OnSessionConnected } from '../sessions/session-connection.ts';
import { SessionGuidance } from '../sessions/session-guidance.ts';
import { SessionIntake } from '../sessions/session-intake.ts';
import type { Authorization } from './authorization.ts';
import type { ExamsPart } from './exams.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { LivePart } from './live.ts';
import type { ServerPart } from './server-part.ts';
import type { Announcements } from './webhook-announcements.ts';
import type { SessionsPart } from './sessions.ts';

export interface SessionChannelOptions {
  infrastructure: Infrastructure;
  authorization: Authorization;
  policyOf: PolicyOf;
  sessions: SessionsPart;
  exams: ExamsPart;
  live: LivePart;
  announcements: Announcements;
}

export interface SessionChannelPart extends ServerPart {
  /** Writes what it counts. Call after the gateway has closed. */
  close(): Promise<void>;
  /** Disconnects students on the HTTP fallback: their next request reaches another replica, which connects them. */
  disconnectFallback(): void;
}

/** The session channel, over WebSocket and HTTP: frames go to the stores, the exam and the live view; guidance comes back. */
export const composeSessionChannel = (options: SessionChannelOptions): SessionChannelPart => {
  const { sessions, analysis } = options.sessions;
  const { config, database, bus, budget, storeClock, now, log } = options.infrastructure;
  const { authenticator, access, authorizer } = options.authorization;
  const { connectionLimits, heartbeatMs, requestSilenceMs } = config;
  const intake = composeIntake(options);
  const publishers = new ActivePublishers(bus, storeClock.now);
  const rooms = new Rooms();
  const guidance = new SessionGuidance({
    records: new GuidanceRecords(database, options.announcements.guided),
    bus,
    policyOf: options.policyOf,
    listenersOf: (sessionId) => publishers.of(sessionId),
    listeningSessions: () => publishers.sessions(),
    log,
    now,
  });
  const onSessionConnected = connectEverywhere(options);
  const fallbackConnections = new FallbackConnections(onSessionConnected, requestSilenceMs);
  // A replica that misses this event detects the end from the store with the client's next message.
  bus.subscribe(topics.sessionEnded, [anyWord], ({ session_id: sessionId }) => {
    analysis.forget(sessionId);
    fallbackConnections.disconnect(sessionId);
    for (const connection of rooms.members(sessionRoom(sessionId))) void sendEnded(connection, sessionId, now());
  });
  options.sessions.ending.beforeSeal(async (sessionId) => {
    await Promise.all(rooms.members(sessionRoom(sessionId)).map((connection) => connection.settled()));
    await intake.writeDropped(sessionId);
  });
  const cameras = new PhoneCameras(new CameraLinkRecords(database), now);
  const channel = sessionChannel({
    cameras,
    sessions,
    intake,
    rooms,
    publishers,
    authenticator,
    access,
    heartbeatMs,
    now,
    onHello: (session, connection) => void guidance.onHello(session, connection),
    onSessionConnected(session, send) {
      const listener = onSessionConnected(session, send);
      // WebSockets work again for this student.
      fallbackConnections.disconnect(session.sessionId);
      return listener;
    },
  });
  return {
    channels: [channel],
    mount(app) {
      const find = loadSession(sessions, authorizer);
      const { messageBytes } = connectionLimits;
      app.use(
        '/api/v1/session',
        fallbackRouter({
          sessions,
          intake,
          fallbackConnections,
          authorizer,
          limits: connectionLimits,
          budget,
          cameras,
          now,
        }),
        guidanceRouter({ authorizer, find, guidance, messageBytes }),
      );
      const noticeOf = recordedNotices(new ExamRecords(database), new ExamStudentRecords(database), now);
      const policyOf = async (examId: string | null) => (await options.policyOf(examId)) ?? defaultPolicy;
      const { tokens } = options.authorization;
      app.use('/api/v1', cameraRouter({ cameras, sessions, tokens, find, policyOf, noticeOf, now }));
      const records = new SessionRecords(database);
      app.use('/api/v1/exams', classMessageRouter({ authorizer, sessions: records, guidance, messageBytes }));
    },
    disconnectFallback: () => fallbackConnections.close(),
    close: () => intake.writeDropped(null),
  };
};

const composeIntake = ({ infrastructure, sessions, exams, live }: SessionChannelOptions): SessionIntake => {
  const { database, frames, metrics, budget, outages, storeClock, now } = infrastructure;
  return new SessionIntake({
    frames,
    records: new SessionRecords(database),
    analysis: sessions.analysis,
    metrics,
    budget,
    outages,
    now,
    sharedNow: storeClock.now,
    sharedClockErrorMs: storeClock.errorMs,
    retryAfterMs,
    onStored(sessionId, stored) {
      live.onFramesStored(sessionId, stored);
      return exams.onFramesStored(sessionId, stored);
    },
    onPicture: (sessionId, picture) => live.onPicture(sessionId, picture),
  });
};

/** A student's connection counts for the live view and for the exam. */
const connectEverywhere =
  ({ exams, live }: SessionChannelOptions): OnSessionConnected =>
  (session, send) => {
    const listeners = [live.onSessionConnected(session, send), exams.onSessionConnected(session, send)];
    return {
      onHello: (hello) => listeners.forEach((listener) => listener.onHello(hello)),
      onClose: () => listeners.forEach((listener) => listener.onClose()),
    };
  };

/** Randomised, so that a thousand clients do not reconnect at the same time. */
const retryAfterMs = (): number => Math.round(1000 + Math.random() * 2000);
