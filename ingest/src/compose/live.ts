import type { Picture, Problem } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { AlertService } from '../alerts/alert-service.ts';
import type { Alert } from '../model/alert.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { AccessControl } from '../auth/access.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { alertsChannel } from '../channels/alerts.ts';
import type { AlertsConnection } from '../channels/alerts.ts';
import { presenceChannel } from '../channels/presence.ts';
import { proctorChannel } from '../channels/proctor.ts';
import { sentinelChannel } from '../channels/sentinel.ts';
import type { Config } from '../config.ts';
import type { Authorizer } from '../http/middleware/authorize.ts';
import { connectionsRouter } from '../http/routes/connections-router.ts';
import { presenceRouter } from '../http/routes/presence-router.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import { devExamDirectory } from '../live/exam-directory.ts';
import { LiveView } from '../live/live-view.ts';
import { recordedExamDirectory } from '../live/recorded-exam-directory.ts';
import { SessionPictures } from '../live/session-pictures.ts';
import { SessionSentinels } from '../live/session-sentinels.ts';
import { PresenceService } from '../presence/presence-service.ts';
import { SessionAgents } from '../presence/session-agents.ts';
import type { Channel } from '../realtime/channel.ts';
import type { ReplicaHeartbeat } from '../replicas/replica-heartbeat.ts';
import { Roster } from '../replicas/roster.ts';
import { AgentSessionRecords } from '../records/agent-session-records.ts';
import { AlertRecords } from '../records/alert-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import type { OpenSession } from '../sessions/fallback-connections.ts';

export interface ProctoringOptions {
  config: Pick<Config, 'auth' | 'proctoring'>;
  heartbeat: ReplicaHeartbeat;
  database: RecordsDatabase;
  bus: Bus;
  authenticator: Authenticator;
  access: AccessControl;
  analysis: RunningAnalysis;
  authorizer: Authorizer;
  metrics: IngestMetrics;
  onAlert(alert: Alert): void;
  log: Logger;
  now: () => number;
}

/** Live view, presence and alerts, put together. */
export interface Proctoring {
  channels: readonly Channel[];
  mount(app: Express): void;
  /** A student's connection on the session channel is there; `left` is to be called when it is gone. */
  sessionOpened: OpenSession;
  framesStored(sessionId: string, frames: readonly StoredFrame[]): void;
  /** @returns why a picture was not taken, null when it was. */
  pictureTaken(sessionId: string, picture: Picture): Problem | null;
  /** After the gateway has closed, before the bus and the records do. */
  close(): Promise<void>;
}

/** A picture that is not older shows what an alert is about. */
const alertPictureMs = 3000;

export const createProctoring = (options: ProctoringOptions): Proctoring => {
  const { config, heartbeat, database, bus, authenticator, access, authorizer, analysis, metrics, log, now } = options;
  const { alerts, presence, registerWithinMs, escalateAfterMs } = config.proctoring;
  const recorded = recordedExamDirectory(access, new ExamRecords(database), new ExamStudentRecords(database), now);
  const exams = config.auth.mode === 'dev' ? devExamDirectory(recorded) : recorded;

  const { replicaId } = heartbeat;
  const view = new LiveView({ replicaId, bus, now });
  const sentinels = new SessionSentinels(view, exams);
  const pictures = new SessionPictures({
    exams,
    now,
    show(sessionId, { timestamp, data }, index) {
      view.publish(sessionId, [{ sentinelId: sessionId, frameId: `picture-${timestamp}`, index, data }]);
    },
  });
  const agentSessions = new AgentSessionRecords(database);
  const presenceService = new PresenceService({ heartbeat, bus, records: agentSessions, log, now });
  const agents = new SessionAgents(presenceService, log);
  const connections = new Roster<AlertsConnection>({ topic: topics.alertsRoster, replicaId, bus, now });
  const sessions = new SessionRecords(database);
  const alertService = new AlertService({
    records: new AlertRecords(database),
    exams,
    bus,
    findSession: (sessionId) => sessions.find(sessionId),
    async pictureOf(sessionId) {
      // A program that shows the same session sends without being asked.
      return view.lastPictureOf(sessionId, alertPictureMs) ?? pictures.ofAlert(sessionId);
    },
    escalateAfterMs,
    metrics,
    onRaised: (alert) => options.onAlert(alert),
    log,
    now,
  });
  analysis.onObservation((event) => alertService.onObservation(event));

  const live = { view, exams, authenticator, registerWithinMs, metrics, now };
  return {
    channels: [
      sentinelChannel(live),
      proctorChannel(live),
      presenceChannel({ presence: presenceService, exams, authenticator, timings: presence, now }),
      alertsChannel({ alerts: alertService, connections, bus, authenticator, access, timings: alerts, now }),
    ],
    mount(app) {
      app.use('/api/v1', presenceRouter({ records: agentSessions, exams, authorizer }));
      app.use('/ws', connectionsRouter({ connections, authorizer, now }));
    },
    sessionOpened(session, say) {
      // Another replica may have stored frames since.
      analysis.invalidate(session.sessionId);
      const pictured = pictures.opened(session, say);
      const setWatched = (isWatched: boolean): void => pictures.watched(session.sessionId, isWatched);
      const left = [sentinels.opened(session, setWatched), agents.opened(session), () => pictured.left()];
      return { greeted: (hello) => pictured.greeted(hello), left: () => left.forEach((leave) => leave()) };
    },
    pictureTaken: (sessionId, picture) => pictures.take(sessionId, picture),
    framesStored: (sessionId, frames) => sentinels.stored(sessionId, frames),
    async close() {
      await presenceService.close();
      await alertService.close();
      connections.close();
      view.close();
    },
  };
};
