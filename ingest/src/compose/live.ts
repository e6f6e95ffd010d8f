import type { Picture, Problem } from '@invigil/protocol/channels';
import type { Observation } from '@invigil/protocol/rules';
import type { StoredFrame } from '@invigil/protocol/frame';
import { AlertConnections } from '../alerts/alert-connections.ts';
import type { AlertsConnection } from '../alerts/alert-connections.ts';
import { AlertService } from '../alerts/alert-service.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import { topics } from '../bus/topics.ts';
import { alertsChannel } from '../channels/alerts.ts';
import { presenceChannel } from '../channels/presence.ts';
import { proctorChannel } from '../channels/proctor.ts';
import { sentinelChannel } from '../channels/sentinel.ts';
import { openAlertsRouter } from '../http/routes/open-alerts-router.ts';
import { connectionsRouter } from '../http/routes/connections-router.ts';
import { presenceRouter } from '../http/routes/presence-router.ts';
import { devExamDirectory } from '../live/exam-directory.ts';
import type { ExamDirectory } from '../live/exam-directory.ts';
import { alertPicture } from '../live/alert-picture.ts';
import { ExamStays } from '../live/exam-stays.ts';
import { LiveView } from '../live/live-view.ts';
import { recordedExamDirectory } from '../live/recorded-exam-directory.ts';
import { SessionPictures } from '../live/session-pictures.ts';
import { SessionSentinels } from '../live/session-sentinels.ts';
import { PresenceService } from '../presence/presence-service.ts';
import { SessionAgents } from '../presence/session-agents.ts';
import { Roster } from '../replicas/roster.ts';
import { AgentSessionRecords } from '../records/agent-session-records.ts';
import { OpenAlertRecords } from '../records/open-alert-records.ts';
import { AlertRecords } from '../records/alert-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import type { OnSessionConnected } from '../sessions/session-connection.ts';
import type { Authorization } from './authorization.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';
import type { Announcements } from './webhook-announcements.ts';

export interface LiveOptions {
  infrastructure: Infrastructure;
  authorization: Authorization;
  analysis: RunningAnalysis;
  announcements: Announcements;
}

export interface LivePart extends ServerPart {
  onSessionConnected: OnSessionConnected;
  /** Resolves when the alerts that the session raised here so far are recorded. */
  alertsRecorded(sessionId: string): Promise<void>;
  onFramesStored(sessionId: string, frames: readonly StoredFrame[]): void;
  /** Raises an alert that does not come from frames. */
  onObservation(sessionId: string, observation: Observation): void;
  /** @returns why the thumbnail was refused, or null */
  onPicture(sessionId: string, picture: Picture): Problem | null;
  /** Call after the gateway has closed, and before the bus and the records close. */
  close(): Promise<void>;
}

/** The live view, presence in classrooms and alerts, with their channels. */
export const composeLive = (options: LiveOptions): LivePart => {
  const { analysis } = options;
  const { config, heartbeat, database, bus, metrics, budget, storeClock, log, now } = options.infrastructure;
  const { authenticator, access, authorizer } = options.authorization;
  const { alerts, presence, registerWithinMs } = config.proctoring;
  const exams = examDirectoryOf(options);
  const { replicaId } = heartbeat;
  const view = new LiveView({ replicaId, bus, now });
  const sentinels = new SessionSentinels({
    view,
    exams,
    coverageOf: (sessionId) => analysis.coverageOf(sessionId),
    now,
  });
  const pictures = new SessionPictures({
    exams,
    now,
    answerWithinMs: alerts.pictureWithinMs,
    show(sessionId, { timestamp, data }, index) {
      view.publish(sessionId, [{ sentinelId: sessionId, frameId: `picture-${timestamp}`, index, data }]);
    },
  });
  const agentSessions = new AgentSessionRecords(database);
  const presenceService = new PresenceService({ heartbeat, bus, records: agentSessions, log, now });
  const agents = new SessionAgents(presenceService, budget, log);
  const connections = new Roster<AlertsConnection>({ topic: topics.alertsRoster, replicaId, bus, now });
  const alertConnections = new AlertConnections(bus, connections, now, storeClock.now);
  const isConnected = (userId: string): boolean => alertConnections.isConnected(userId);
  const alertService = composeAlerts(options, { exams, view, pictures, isConnected });
  const stays = examStaysOf(options);
  const live = { view, exams, stays, authenticator, registerWithinMs, metrics, now };
  return {
    channels: [
      sentinelChannel(live),
      proctorChannel(live),
      presenceChannel({ presence: presenceService, exams, stays, authenticator, budget, timings: presence, now }),
      alertsChannel({
        alerts: alertService,
        connections: alertConnections,
        authenticator,
        access,
        timings: alerts,
        now,
      }),
    ],
    mount(app) {
      app.use('/api/v1', presenceRouter({ records: agentSessions, exams, authorizer }));
      app.use('/ws', connectionsRouter({ connections, authorizer, now }));
      app.use('/api/v1/exams', openAlertsRouter({ alerts: new OpenAlertRecords(database), authorizer, now }));
    },
    onSessionConnected(session, send) {
      // Another replica may have stored frames in the meantime.
      analysis.invalidate(session.sessionId);
      const pictureListener = pictures.onSessionConnected(session, send);
      const setWatched = (isWatched: boolean): void => pictures.watched(session.sessionId, isWatched);
      const leaves = [sentinels.opened(session, setWatched), agents.opened(session)];
      return {
        onHello: (hello) => pictureListener.onHello(hello),
        onClose() {
          for (const leave of leaves) leave();
          pictureListener.onClose();
        },
      };
    },
    onObservation(sessionId, observation) {
      // It is over when it is noticed.
      for (const event of ['opened', 'closed'] as const) alertService.onObservation({ sessionId, event, observation });
    },
    alertsRecorded: (sessionId) => alertService.recorded(sessionId),
    onFramesStored: (sessionId, frames) => sentinels.stored(sessionId, frames),
    onPicture: (sessionId, picture) => pictures.take(sessionId, picture),
    async close() {
      await presenceService.close();
      await alertService.close();
      connections.close();
      sentinels.close();
      view.close();
    },
  };
};

const examDirectoryOf = ({ infrastructure, authorization }: LiveOptions): ExamDirectory => {
  const { config, database, now } = infrastructure;
  const exams = new ExamRecords(database);
  const students = new ExamStudentRecords(database);
  const recorded = recordedExamDirectory(authorization.access, exams, students, now);
  return config.auth.mode === 'dev' ? devExamDirectory(recorded) : recorded;
};

const examStaysOf = ({ infrastructure }: LiveOptions): ExamStays => {
  const { database, bus, log } = infrastructure;
  const exams = new ExamRecords(database);
  return new ExamStays({
    bus,
    statusOf: async (examId) => (await exams.find(examId))?.status ?? null,
    onError: (error) => log.warn({ event: 'exam.news_failed', error }),
  });
};

interface AlertSources {
  exams: ExamDirectory;
  view: LiveView;
  pictures: SessionPictures;
  isConnected: (userId: string) => boolean;
}

/** Turns observations into alerts. */
const composeAlerts = (options: LiveOptions, { exams, view, pictures, isConnected }: AlertSources): AlertService => {
  const { config, database, bus, metrics, budget, storeClock, log, now } = options.infrastructure;
  const sessions = new SessionRecords(database);
  const alertService = new AlertService({
    records: new AlertRecords(database),
    exams,
    bus,
    isConnected,
    findSession: (sessionId) => sessions.find(sessionId),
    pictureOf: (sessionId, sinceMs) => alertPicture({ view, pictures }, sessionId, sinceMs),
    escalateAfterMs: config.proctoring.escalateAfterMs,
    metrics,
    budget,
    onRaised: (alert) => options.announcements.alertRaised(alert),
    log,
    now,
    storeNow: storeClock.now,
  });
  options.analysis.onObservation((event) => alertService.onObservation(event));
  return alertService;
};
