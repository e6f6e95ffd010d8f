import type { Express } from 'express';
import { composeAuthorization } from './compose/authorization.ts';
import type { Authorization } from './compose/authorization.ts';
import { composeExams } from './compose/exams.ts';
import type { ExamsPart } from './compose/exams.ts';
import { composeHttp } from './compose/http.ts';
import { openInfrastructure } from './compose/infrastructure.ts';
import type { Infrastructure } from './compose/infrastructure.ts';
import { composeLive } from './compose/live.ts';
import { composeLti } from './compose/lti.ts';
import type { LtiPart } from './compose/lti.ts';
import { staffCookies } from './compose/sign-in.ts';
import { composePlatformAccess, withAssessmentControl } from './compose/platform-access.ts';
import type { PlatformAccess } from './compose/platform-access.ts';
import { composeReports } from './compose/reports.ts';
import { composeSessionChannel } from './compose/session-channel.ts';
import { composeSessions } from './compose/sessions.ts';
import { composeUnobservedWork } from './compose/unobserved-work.ts';
import { composeWebhookAnnouncements } from './compose/webhook-announcements.ts';
import type { Config } from './config.ts';
import { recordedPolicies } from './exams/exam-policies.ts';
import { urlOf } from './http/listening.ts';
import { IngestError } from './model/ingest-error.ts';
import type { Channel } from './realtime/channel.ts';
import { SteadyClock } from './time/steady-clock.ts';
import { ExamRecords } from './records/exam-records.ts';
import { firstSuccess } from './time/first-success.ts';
import { withDeadline } from './time/with-deadline.ts';
import type { WorkerGroup } from './workers/worker-group.ts';
import { version } from './version.ts';

export { loadConfig } from './config.ts';
export type { Config } from './config.ts';

export interface Ingest {
  /** The routes and channels of this server, for tests that compare them with their description. */
  readonly endpoints: { app: Express; channels: readonly Channel[] };
  /** Resolves with the port once the server listens. Rejects with an error that names the setting if it cannot, or with `closed`. */
  listen(): Promise<{ port: number }>;
  /** Stops accepting, answers what was received, asks clients to reconnect, closes the stores. Idempotent and bounded in time. */
  close(): Promise<void>;
}

/** Learning platforms, if they are configured. */
const ltiPart = (
  infrastructure: Infrastructure,
  { authenticator, staff, links }: Authorization,
  exams: ExamsPart,
  platforms: PlatformAccess | null,
): LtiPart | null => {
  const { auth, publicUrl } = infrastructure.config;
  if (auth.mode !== 'oidc' || staff === null || platforms === null || publicUrl === null) return null;
  const cookies = staffCookies(auth.signIn);
  return composeLti({ infrastructure, authenticator, links, staff, cookies, publicUrl, exams, platforms });
};

/** The services that the settings choose, without their addresses. */
const storesOf = ({ redisUrl, databaseUrl, natsUrl, auth }: Config) => ({
  auth: auth.mode,
  frames: redisUrl === null ? 'sqlite' : 'redis',
  records: databaseUrl === null ? 'sqlite' : 'postgres',
  bus: natsUrl !== null ? 'nats' : redisUrl === null ? 'process' : 'redis',
});

const closeTimeoutMs = 10_000;
const closedBefore = (): IngestError => new IngestError('closed', 'the server was closed before it listened');

const announce = ({ log }: Infrastructure, config: Config, port: number): void => {
  const url = config.publicUrl ?? urlOf(config.host, port);
  log.info({ event: 'server.listening', version, host: config.host, port, url, ...storesOf(config) });
};

/**
 * Opens the port once the stores answer: otherwise the first clients would be refused while the stores connect.
 * @throws IngestError `closed` if the signal aborts first
 */
const listenOnceStoresAnswer = async (
  { frames, database, bus, storeClock }: Infrastructure,
  http: Pick<ReturnType<typeof composeHttp>, 'listen' | 'close'>,
  storesWithinMs: number,
  signal: AbortSignal,
): Promise<number> => {
  const stores = [frames, database, bus].map((store) => firstSuccess(() => store.check(), storesWithinMs, signal));
  await Promise.all([storeClock.compared, ...stores]);
  if (signal.aborted) throw closedBefore();
  const port = await http.listen();
  if (!signal.aborted) return port;
  await http.close(0);
  throw closedBefore();
};

/** The longest time that `close` takes. */
export const closeWithinMs = ({ proctoring }: Config): number => proctoring.presence.drainMs + closeTimeoutMs;

/**
 * Assembles the server. It does not listen before `listen()`.
 * @param clock the server's time of day; a test can pass a clock that it controls
 * @param workers the processes that share the port with this one
 * @throws IngestError `bad_config` if it cannot write to its folders
 */
export const createIngest = (
  config: Config,
  clock: SteadyClock = new SteadyClock(),
  workers: WorkerGroup | null = null,
): Ingest => {
  const infrastructure = openInfrastructure(config, clock, workers);
  const { database, frames, archiver, bus, heartbeat, metrics } = infrastructure;
  const policyOf = recordedPolicies(new ExamRecords(database));
  const webhooks = composeWebhookAnnouncements(infrastructure, policyOf);
  const platforms = config.hasLti ? composePlatformAccess(infrastructure) : null;
  const announcements = platforms === null ? webhooks : withAssessmentControl(webhooks, platforms.control, database);
  const authorization = composeAuthorization(infrastructure);
  const sessions = composeSessions(infrastructure, authorization, announcements, policyOf);
  const { analysis, ending } = sessions;
  const live = composeLive({ infrastructure, authorization, analysis, announcements });
  ending.beforeReport((sessionId) => live.alertsRecorded(sessionId));
  const unobservedWork = composeUnobservedWork(infrastructure, sessions, live);
  const exams = composeExams(infrastructure, authorization, ending, announcements, policyOf, (...work) =>
    unobservedWork.done(...work),
  );
  const shared = { infrastructure, authorization, policyOf, announcements, sessions };
  const sessionChannel = composeSessionChannel({ ...shared, exams, live });
  const reports = composeReports(shared);
  const lti = ltiPart(infrastructure, authorization, exams, platforms);
  const optional = [authorization.signIn, lti].filter((part) => part !== null);
  const http = composeHttp({
    infrastructure,
    parts: [...optional, sessions, sessionChannel, reports, live, exams],
    facts: {
      retention_ran_at: () => reports.retentionRanAt(),
      retention_stopped: async () => reports.retentionStopped(),
      archive_failing_since: async () => archiver.failingSince(),
    },
  });
  metrics.watchQueues({
    ...http.queues(),
    frames_to_recall: { size: () => analysis.pendingFrames().size, capacity: () => analysis.pendingFrames().capacity },
  });

  const stopping = new AbortController();
  const closeInOrder = async (): Promise<void> => {
    stopping.abort();
    sessions.stopSweep();
    sessionChannel.disconnectFallback();
    await http.close(closeTimeoutMs / 2);
    await sessionChannel.close();
    await ending.close();
    await live.close();
    await exams.close();
    await lti?.close();
    await heartbeat.close();
    infrastructure.clocks.close();
    infrastructure.storeClock.close();
    await reports.close();
    await platforms?.control.close();
    await announcements.close();
    await bus.close();
    // Its checkpoints are stored beside the frames.
    await analysis.close();
    await archiver.close();
    await frames.close();
    await database.close();
    infrastructure.eventLoopDelay.close();
  };
  let closing: Promise<void> | null = null;
  return {
    endpoints: http.endpoints,
    async listen() {
      const port = await listenOnceStoresAnswer(infrastructure, http, config.storesWithinMs, stopping.signal);
      sessions.startSweep();
      archiver.start();
      exams.start();
      lti?.start();
      reports.start();
      announce(infrastructure, config, port);
      return { port };
    },
    close: () => (closing ??= withDeadline(closeInOrder(), closeWithinMs(config), () => undefined)),
  };
};
