import { BlockList } from 'node:net';
import { availableParallelism } from 'node:os';
import type { WebhookFormat } from '@invigil/protocol/channels';
import type { BucketConfig } from './archive/bucket-client.ts';
import type { AlertsTimings, PresenceTimings } from './config/channel-timings.ts';
import { alertsTimings, presenceTimings } from './config/channel-timings.ts';
import type { ConnectionLimits } from './config/connection-limits.ts';
import { loopbackHosts, missingTokenKeys } from './config/cross-field-rules.ts';
import type { ParsedEnvironment } from './config/environment.ts';
import { readEnvironment } from './config/read-environment.ts';
import type { Environment } from './config/read-environment.ts';
import { IngestError } from './model/ingest-error.ts';

/** How user tokens are signed. */
export type UserKeys = { kind: 'secret'; secret: string } | { kind: 'jwks'; url: string };

export type AuthConfig =
  | { mode: 'dev' }
  /** Null for `sessionSecret`: the replicas share a generated one, stored in the records. */
  | { mode: 'jwt'; userKeys: UserKeys; sessionSecret: string | null; audience: string | null }
  /** Null for `userKeys`: only staff who signed in, students' sessions and personal links get in. */
  | {
      mode: 'oidc';
      userKeys: UserKeys | null;
      sessionSecret: string | null;
      audience: string | null;
      signIn: SignInConfig;
    };

/** Sign-in of staff through an OpenID provider. */
export interface SignInConfig {
  issuer: string;
  clientId: string;
  /** Null for a client without a secret. */
  clientSecret: string | null;
  scopes: string;
  mapping: ClaimMapping;
  redirectUrl: string;
  /** Where the provider sends the browser after signing out. */
  signedOutUrl: string;
  lifetimeSeconds: number;
}

/** How a provider's claims name users and roles. */
export interface ClaimMapping {
  /** The claim with the user's id here. */
  userClaim: string;
  /** The claim with the user's roles or groups: a name, or a path such as `realm_access.roles`. */
  roleClaim: string;
  /** Values of that claim. */
  teacherRoles: readonly string[];
  adminRoles: readonly string[];
}

export interface WebhookConfig {
  /** The operator's own URL, which may be anywhere; null: only the URLs that exams name. */
  url: string | null;
  /** Format of what is sent to that URL. */
  format: WebhookFormat;
  key: Buffer;
}

export interface Config {
  host: string;
  port: number;
  /** Processes that share the port. */
  workers: number;
  /** Threads of this process that analyse dumps. */
  analysisThreads: number;
  /** Node's arguments for these threads; null: those of this process. */
  threadArguments: readonly string[] | null;
  publicUrl: string | null;
  dataDir: string;
  dumpDir: string;
  /** One URL, or the nodes of a cluster separated by commas; see `redisNodes`. */
  redisUrl: string | null;
  /** Replicas of Redis that must have a frame before it is acknowledged. */
  redisWaitReplicas: number;
  databaseUrl: string | null;
  natsUrl: string | null;
  /** In front of every subject and channel of the bus. */
  busPrefix: string;
  auth: AuthConfig;
  /** Whether a student's session may create its exam. */
  allowsUnregisteredExams: boolean;
  /** How long frames stay in the frame store before they move to the archive. */
  frameRetentionSeconds: number;
  /** Null for both: the archive is in the records. */
  frameArchiveDir: string | null;
  frameArchiveBucket: BucketConfig | null;
  sessionLifetimeSeconds: number;
  /** A store that refuses connections delays the start by this; a database that does not answer, by the time limit of its clock's comparison. */
  storesWithinMs: number;
  /** The longest time that the end of a session waits for messages that its replica has received. */
  maxWaitForMessagesMs: number;
  livekit: { url: string; apiKey: string; apiSecret: string } | null;
  /** Null: no webhooks are sent. */
  webhooks: WebhookConfig | null;
  /** Whether learning platforms may launch this server. */
  hasLti: boolean;
  retentionIntervalMs: number;
  allowedOrigins: readonly string[];
  /** Host names that a request may address; null: any. */
  hostNames: readonly string[] | null;
  /** Proxies whose headers name the client's address. */
  trustedProxies: BlockList;
  modelsDir: string;
  demoDir: string;
  connectionLimits: ConnectionLimits;
  /** How long a client may take to send a request. */
  requestLimits: { headersMs: number; wholeMs: number; checkEveryMs: number };
  /** Frames of one session, over all of its connections. */
  frameRate: { perSecond: number; burst: number };
  /** HTTP requests of one user. */
  requestRate: { perSecond: number; burst: number };
  addressRequestRate: { perSecond: number; burst: number };
  addressRefusalRate: { perSecond: number; burst: number };
  maxConnections: number;
  maxConnectionsPerUser: number;
  maxConnectionsPerAddress: number;
  /** The documented heartbeat interval of the session channel. */
  heartbeatMs: number;
  /** Time without a request after which a student on the HTTP fallback counts as disconnected. */
  requestSilenceMs: number;
  examStatsMs: number;
  /** Timings of the live, presence and alerts channels. */
  proctoring: {
    /** Deadline for registering on the live channel. */
    registerWithinMs: number;
    presence: PresenceTimings;
    alerts: AlertsTimings;
    escalateAfterMs: number;
  };
  /** Where traces are sent; null: nowhere. */
  traces: { url: string; serviceName: string } | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/**
 * Reads the environment. Throws `bad_config` if a value is invalid; the message lists every invalid variable with its value (except
 * secrets) and the allowed values.
 */
export const loadConfig = (environment: Environment): Config => {
  const env = readEnvironment(environment);
  return {
    host: env.HOST,
    port: env.PORT,
    workers: workersOf(env),
    analysisThreads: env.ANALYSIS_THREADS,
    threadArguments: null,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    dataDir: env.DATA_DIR,
    dumpDir: env.DUMP_DIR,
    redisUrl: env.REDIS_URL ?? null,
    redisWaitReplicas: env.REDIS_WAIT_REPLICAS,
    databaseUrl: env.DATABASE_URL ?? null,
    natsUrl: env.NATS_URL ?? null,
    busPrefix: env.BUS_PREFIX ?? '',
    auth: authOf(env),
    allowsUnregisteredExams: (env.UNREGISTERED_EXAMS ?? (env.AUTH === 'dev' ? 'allow' : 'refuse')) === 'allow',
    frameRetentionSeconds: env.FRAME_BUFFER_RETENTION_SECONDS,
    frameArchiveDir: env.FRAME_ARCHIVE_DIR ?? null,
    frameArchiveBucket: bucketOf(env),
    sessionLifetimeSeconds: env.SESSION_LIFETIME_SECONDS,
    livekit: livekitOf(env),
    webhooks: webhooksOf(env),
    hasLti: env.LTI === 'on',
    retentionIntervalMs: env.RETENTION_INTERVAL_SECONDS * 1000,
    // A proxy may rewrite Host, so our own pages are recognised by the public URL as well.
    allowedOrigins: [
      ...(env.PUBLIC_URL === undefined ? [] : [new URL(env.PUBLIC_URL).origin]),
      ...(env.ALLOWED_ORIGINS ?? []),
    ],
    // Prevents DNS rebinding: without tokens, a foreign page whose host name resolves to this machine could call the API.
    hostNames: env.AUTH === 'dev' ? [...loopbackHosts] : null,
    trustedProxies: env.TRUSTED_PROXIES ?? new BlockList(),
    modelsDir: env.MODELS_DIR,
    demoDir: env.DEMO_DIR,
    connectionLimits: {
      messageBytes: env.MAX_MESSAGE_BYTES,
      messagesPerSecond: env.MAX_MESSAGES_PER_SECOND,
      messageBurst: env.MAX_MESSAGE_BURST,
      bytesPerSecond: env.MAX_BYTES_PER_SECOND,
      // Allows several messages of the maximum size at once, so that a client can catch up after an outage.
      byteBurst: Math.max(4 * env.MAX_MESSAGE_BYTES, env.MAX_BYTES_PER_SECOND),
      strikes: 100,
      sendBufferBytes: env.MAX_SEND_BUFFER_BYTES,
      messagesInWork: 16,
      silenceMs: 60_000,
    },
    requestLimits: { headersMs: 10_000, wholeMs: 30_000, checkEveryMs: 5000 },
    frameRate: { perSecond: env.MAX_FRAMES_PER_SECOND, burst: env.MAX_FRAME_BURST },
    requestRate: { perSecond: env.MAX_REQUESTS_PER_SECOND, burst: 10 * env.MAX_REQUESTS_PER_SECOND },
    addressRequestRate: {
      perSecond: env.MAX_REQUESTS_PER_SECOND_PER_ADDRESS,
      burst: 10 * env.MAX_REQUESTS_PER_SECOND_PER_ADDRESS,
    },
    addressRefusalRate: {
      perSecond: env.MAX_REFUSALS_PER_SECOND_PER_ADDRESS,
      burst: 10 * env.MAX_REFUSALS_PER_SECOND_PER_ADDRESS,
    },
    maxConnections: env.MAX_CONNECTIONS,
    maxConnectionsPerUser: env.MAX_CONNECTIONS_PER_USER,
    maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
    heartbeatMs: 10_000,
    requestSilenceMs: 30_000,
    storesWithinMs: 2000,
    maxWaitForMessagesMs: 2000,
    examStatsMs: env.EXAM_STATS_SECONDS * 1000,
    proctoring: {
      registerWithinMs: 10_000,
      presence: { ...presenceTimings, drainMs: env.DRAIN_SECONDS * 1000 },
      alerts: alertsTimings,
      escalateAfterMs: env.ALERT_ESCALATION_SECONDS * 1000,
    },
    traces: tracesOf(env),
    logLevel: env.LOG_LEVEL,
  };
};

/** With embedded stores, which belong to one process, `auto` is 1; the cross-field rules have rejected higher numbers. */
const workersOf = ({ WORKERS, REDIS_URL, DATABASE_URL }: ParsedEnvironment): number => {
  if (WORKERS !== 'auto') return WORKERS;
  return REDIS_URL === undefined || DATABASE_URL === undefined ? 1 : availableParallelism();
};

const authOf = (env: ParsedEnvironment): AuthConfig => {
  if (env.AUTH === 'dev') return { mode: 'dev' };
  const secret = env.JWT_SECRET ?? null;
  const audience = env.JWT_AUDIENCE ?? null;
  if (env.AUTH === 'oidc') {
    return { mode: 'oidc', userKeys: userKeysOf(env), sessionSecret: secret, audience, signIn: signInOf(env) };
  }
  if (env.JWKS_URL !== undefined) {
    return { mode: 'jwt', userKeys: { kind: 'jwks', url: env.JWKS_URL }, sessionSecret: secret, audience };
  }
  // The cross-field rules have rejected this already; a server must never start with an empty secret.
  if (secret === null) throw new IngestError('bad_config', missingTokenKeys);
  return { mode: 'jwt', userKeys: { kind: 'secret', secret }, sessionSecret: secret, audience };
};

const userKeysOf = ({ JWKS_URL: url, JWT_SECRET: secret }: ParsedEnvironment): UserKeys | null => {
  if (url !== undefined) return { kind: 'jwks', url };
  return secret === undefined ? null : { kind: 'secret', secret };
};

const signInOf = (env: ParsedEnvironment): SignInConfig => {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, PUBLIC_URL: url } = env;
  // The cross-field rules have rejected this already.
  if (issuer === undefined || clientId === undefined || url === undefined) {
    throw new IngestError('bad_config', 'OIDC_ISSUER, OIDC_CLIENT_ID and PUBLIC_URL are required with AUTH=oidc');
  }
  const publicUrl = url.replace(/\/$/, '');
  return {
    issuer,
    clientId,
    clientSecret: env.OIDC_CLIENT_SECRET ?? null,
    scopes: env.OIDC_SCOPES,
    mapping: {
      userClaim: env.OIDC_USER_CLAIM,
      roleClaim: env.OIDC_ROLE_CLAIM,
      teacherRoles: env.OIDC_TEACHER_ROLES,
      adminRoles: env.OIDC_ADMIN_ROLES,
    },
    redirectUrl: `${publicUrl}/auth/callback`,
    signedOutUrl: `${publicUrl}/`,
    lifetimeSeconds: env.STAFF_SESSION_SECONDS,
  };
};

const tracesOf = ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME }: ParsedEnvironment): Config['traces'] =>
  // https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp
  endpoint === undefined ? null : { url: `${endpoint.replace(/\/$/, '')}/v1/traces`, serviceName: OTEL_SERVICE_NAME };

const webhooksOf = (env: ParsedEnvironment): Config['webhooks'] => {
  const { WEBHOOK_URL: url, WEBHOOK_FORMAT: format, WEBHOOK_SECRET: key } = env;
  return key === undefined ? null : { url: url ?? null, format, key };
};

const bucketOf = (env: ParsedEnvironment): BucketConfig | null => {
  const { FRAME_ARCHIVE_BUCKET: location, AWS_ENDPOINT_URL: endpoint = null, AWS_REGION: region } = env;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (location === undefined || accessKeyId === undefined || secretAccessKey === undefined) return null;
  const { host: name, pathname } = new URL(location);
  const prefix = pathname.replace(/^\/|\/$/g, '');
  return { name, prefix: prefix && `${prefix}/`, endpoint, region, accessKeyId, secretAccessKey };
};

const livekitOf = (env: ParsedEnvironment): Config['livekit'] => {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = env;
  if (url === undefined || apiKey === undefined || apiSecret === undefined) return null;
  return { url, apiKey, apiSecret };
};
