import { fileURLToPath } from 'node:url';
import { limits } from '@invigil/protocol/frame';
import * as v from 'valibot';
import { IngestError } from './model/ingest-error.ts';
import { alertsTimings } from './channels/alerts.ts';
import type { AlertsTimings } from './channels/alerts.ts';
import { presenceTimings } from './channels/presence.ts';
import type { PresenceTimings } from './channels/presence.ts';
import type { ConnectionLimits } from './realtime/connection-limits.ts';
import { webhookKeyOf } from './webhooks/webhook-signature.ts';
import type { WebhookConfig } from './webhooks/webhooks.ts';

/** Said of each variable, for the message of a failed start and for the README's table. */
interface Setting {
  [key: string]: unknown;
  doc: string;
  allowed: string;
  /** Its value is never shown. */
  secret?: boolean;
}

const text = (doc: string, allowed = 'text', secret = false) =>
  v.pipe(v.string(), v.minLength(1), v.metadata({ doc, allowed, secret }));

const integer = (doc: string, min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
    v.metadata({ doc, allowed: `${min}–${max}` }),
  );

const urlOf = (doc: string, protocols: readonly string[], secret = false) =>
  v.pipe(
    v.string(),
    v.check((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol)),
    v.metadata({ doc, allowed: protocols.map((protocol) => `${protocol}//…`).join(', '), secret }),
  );

const choice = <const Options extends readonly string[]>(doc: string, options: Options) =>
  v.pipe(v.picklist(options), v.metadata({ doc, allowed: options.join(', ') }));

const list = (doc: string, allowed: string) =>
  v.pipe(
    v.string(),
    v.transform((value) => value.split(',').map((item) => item.trim())),
    v.array(
      v.pipe(
        v.string(),
        v.check((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      ),
    ),
    v.metadata({ doc, allowed }),
  );

/** From this file, in `src` or `dist` alike. */
const besideThisPackage = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A secret of 32 characters or more, as HS256 wants 256 bits. */
const secretText = (doc: string) =>
  v.pipe(v.string(), v.minLength(32), v.metadata({ doc, allowed: 'at least 32 characters', secret: true }));

/** Every variable of the environment that is read, with its default. */
export const EnvironmentSchema = v.object({
  HOST: v.optional(text('Address to listen on', 'an address or a host name'), '127.0.0.1'),
  PORT: v.optional(integer('Port to listen on; 0 takes a free one', 0, 65_535), '8000'),
  PUBLIC_URL: v.optional(urlOf('Where clients reach the server, when a proxy stands before it', ['http:', 'https:'])),
  DATA_DIR: v.optional(text('Folder of the embedded stores', 'a folder'), './data'),
  DUMP_DIR: v.optional(text('Folder of the frame dumps', 'a folder'), './analysis_dumps'),
  REDIS_URL: v.optional(
    urlOf('Frames, rate limits and bus in Redis; without it frames are kept in DATA_DIR', ['redis:', 'rediss:'], true),
  ),
  DATABASE_URL: v.optional(
    urlOf('Records in Postgres; without it they are kept in DATA_DIR', ['postgres:', 'postgresql:'], true),
  ),
  NATS_URL: v.optional(
    urlOf('Bus between replicas over NATS instead of Redis', ['nats:', 'tls:', 'ws:', 'wss:'], true),
  ),
  AUTH: v.optional(choice('dev: no tokens, sessions are created on first use; loopback only', ['dev', 'jwt']), 'dev'),
  JWT_SECRET: v.optional(
    secretText(
      'HS256 secret of users’ tokens, unless JWKS_URL is given, and of session tokens; AUTH=jwt needs one of the two',
    ),
  ),
  JWKS_URL: v.optional(urlOf('Keys of users’ tokens (RS256, ES256)', ['https:', 'http:'])),
  JWT_AUDIENCE: v.optional(
    text('Audience that every user’s token must name; without it a token that names one must name invigil'),
  ),
  FRAME_BUFFER_RETENTION_SECONDS: v.optional(
    integer('How long frames are kept in the frame store', 1, 2_592_000),
    '21600',
  ),
  SESSION_LIFETIME_SECONDS: v.optional(integer('Longest session; also the life of its token', 60, 604_800), '14400'),
  LIVEKIT_URL: v.optional(urlOf('LiveKit server', ['ws:', 'wss:', 'http:', 'https:'])),
  LIVEKIT_API_KEY: v.optional(text('LiveKit key', 'text', true)),
  LIVEKIT_API_SECRET: v.optional(text('LiveKit secret', 'text', true)),
  WEBHOOK_URL: v.optional(
    urlOf('Where alerts, ends, reports and reviews of all exams are told to; exams may name another', [
      'https:',
      'http:',
    ]),
  ),
  WEBHOOK_SECRET: v.optional(
    v.pipe(
      v.string(),
      v.transform(webhookKeyOf),
      v.instance(Buffer),
      v.metadata({
        doc: 'Signs webhooks (Standard Webhooks); without it none are sent',
        allowed: 'whsec_ and the base64 of 24–64 bytes',
        secret: true,
      }),
    ),
  ),
  RETENTION_INTERVAL_SECONDS: v.optional(
    integer('How often what has outlived its exam’s retention is removed', 1, 86_400),
    '3600',
  ),
  ALLOWED_ORIGINS: v.optional(
    list('Other web origins that may use the server, with commas', 'origins such as https://exam.example.org'),
  ),
  MODELS_DIR: v.optional(
    text('Folder of the model weights, served at /models', 'a folder'),
    besideThisPackage('models/weights'),
  ),
  DEMO_DIR: v.optional(text('Folder of the built pages, served at /', 'a folder'), besideThisPackage('demo/dist/site')),
  ALERT_ESCALATION_SECONDS: v.optional(
    integer('An alert that nobody took goes on to the exam’s other teachers after this', 1, 86_400),
    '60',
  ),
  DRAIN_SECONDS: v.optional(integer('How long a server that stops waits for agents to move elsewhere', 0, 300), '10'),
  MAX_MESSAGE_BYTES: v.optional(
    integer('Largest message', limits.leastMessageBytes, 16_777_216),
    String(limits.messageBytes),
  ),
  MAX_MESSAGES_PER_SECOND: v.optional(integer('Messages a second on one connection, in the long run', 1, 10_000), '50'),
  MAX_MESSAGE_BURST: v.optional(integer('Messages at once on one connection', 1, 100_000), '200'),
  MAX_BYTES_PER_SECOND: v.optional(
    integer('Bytes a second on one connection, in the long run', 1024, 1_000_000_000),
    '262144',
  ),
  MAX_SEND_BUFFER_BYTES: v.optional(
    integer('Unsent bytes before a slow client is closed', 1024, 1_000_000_000),
    '1048576',
  ),
  MAX_CONNECTIONS: v.optional(integer('WebSocket connections of this process', 1, 1_000_000), '20000'),
  MAX_CONNECTIONS_PER_ADDRESS: v.optional(
    integer('WebSocket connections from one address; a school often has one', 1, 1_000_000),
    '10000',
  ),
  EXAM_STATS_SECONDS: v.optional(integer('How often teachers get an exam’s statistics', 1, 3600), '15'),
  LOG_LEVEL: v.optional(
    choice('Least important level that is logged', ['debug', 'info', 'warn', 'error', 'silent']),
    'info',
  ),
});

export type Environment = Record<string, string | undefined>;

/** How users' own tokens are signed. */
export type UserKeys = { kind: 'secret'; secret: string } | { kind: 'jwks'; url: string };

export type AuthConfig =
  | { mode: 'dev' }
  /** Without a session secret the replicas share one that they keep in the records. */
  | { mode: 'jwt'; userKeys: UserKeys; sessionSecret: string | null; audience: string | null };

export interface Config {
  host: string;
  port: number;
  publicUrl: string | null;
  dataDir: string;
  dumpDir: string;
  redisUrl: string | null;
  databaseUrl: string | null;
  natsUrl: string | null;
  auth: AuthConfig;
  frameRetentionSeconds: number;
  sessionLifetimeSeconds: number;
  livekit: { url: string; apiKey: string; apiSecret: string } | null;
  /** Null: other systems are told nothing. */
  webhooks: WebhookConfig | null;
  retentionIntervalMs: number;
  allowedOrigins: readonly string[];
  /** Names that requests may ask for; null: any. */
  hostNames: readonly string[] | null;
  modelsDir: string;
  demoDir: string;
  connectionLimits: ConnectionLimits;
  /** How long a client may take to send a request. */
  requestLimits: { headersMs: number; wholeMs: number; checkEveryMs: number };
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** The documented pace of the session channel. */
  heartbeatMs: number;
  /** Without a request for so long, a student who comes by plain requests is gone. */
  requestSilenceMs: number;
  examStatsMs: number;
  /** Pace of the live, presence and alerts channels. */
  proctoring: {
    /** How long a connection of the live channel may stay without registering. */
    registerWithinMs: number;
    presence: PresenceTimings;
    alerts: AlertsTimings;
    escalateAfterMs: number;
  };
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

const loopback = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

const settingOf = (name: string): Setting => {
  const entry = EnvironmentSchema.entries[name as keyof typeof EnvironmentSchema.entries];
  return v.getMetadata(entry.wrapped as Parameters<typeof v.getMetadata>[0]) as unknown as Setting;
};

type Parsed = v.InferOutput<typeof EnvironmentSchema>;

const livekitNames = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const;

const bad = (name: string, value: string | undefined, allowed: string): string => {
  const was =
    value === undefined ? 'is missing' : settingOf(name).secret ? 'has a bad value' : `is ${JSON.stringify(value)}`;
  return `${name} ${was}; allowed: ${allowed}`;
};

const noKeys = bad('JWT_SECRET', undefined, 'at least 32 characters, or JWKS_URL instead');

/** Settings that do not go together; the text says what is wrong, null that nothing is. */
const together: { of: readonly (keyof Parsed)[]; wrong: (env: Parsed) => string | null }[] = [
  {
    of: ['AUTH', 'HOST'],
    wrong: ({ AUTH, HOST }) =>
      AUTH === 'dev' && !loopback.has(HOST)
        ? bad('AUTH', 'dev', `jwt, because HOST is ${HOST} and dev asks for no tokens`)
        : null,
  },
  {
    of: ['AUTH', 'JWT_SECRET', 'JWKS_URL'],
    wrong: ({ AUTH, JWT_SECRET, JWKS_URL }) =>
      AUTH === 'jwt' && JWT_SECRET === undefined && JWKS_URL === undefined ? noKeys : null,
  },
  {
    of: ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
    wrong: ({ WEBHOOK_URL, WEBHOOK_SECRET }) =>
      WEBHOOK_URL !== undefined && WEBHOOK_SECRET === undefined
        ? bad('WEBHOOK_SECRET', undefined, settingOf('WEBHOOK_SECRET').allowed)
        : null,
  },
  {
    of: livekitNames,
    wrong: (env) => {
      const missing = livekitNames.filter((name) => env[name] === undefined);
      return missing[0] === undefined || missing.length === livekitNames.length
        ? null
        : bad(missing[0], undefined, `set together with ${livekitNames.join(', ')}, or none of them`);
    },
  },
];

/** The settings as they were read; throws with a line for each that is wrong. */
const readEnvironment = (environment: Environment): Parsed => {
  // An empty variable is how shells and compose files say "not set".
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== '' && value !== undefined),
  );
  const { issues = [] } = v.safeParse(EnvironmentSchema, set);
  const names = new Set(issues.map(({ path }) => String(path?.[0].key)));
  // What is wrong in itself is left out, so that the rest can be looked at in the same go.
  const env = v.parse(EnvironmentSchema, Object.fromEntries(Object.entries(set).filter(([name]) => !names.has(name))));
  const problems = [
    ...[...names].map((name) => bad(name, environment[name], settingOf(name).allowed)),
    ...together.flatMap(({ of, wrong }) => (of.some((name) => names.has(name)) ? [] : (wrong(env) ?? []))),
  ];
  if (problems.length > 0) throw new IngestError('bad_config', problems.join('\n'));
  return env;
};

/** Reads the environment. Bad values throw, naming each variable, what it was (secrets are not shown) and what it may be. */
export const loadConfig = (environment: Environment): Config => {
  const env = readEnvironment(environment);
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    dataDir: env.DATA_DIR,
    dumpDir: env.DUMP_DIR,
    redisUrl: env.REDIS_URL ?? null,
    databaseUrl: env.DATABASE_URL ?? null,
    natsUrl: env.NATS_URL ?? null,
    auth: authOf(env),
    frameRetentionSeconds: env.FRAME_BUFFER_RETENTION_SECONDS,
    sessionLifetimeSeconds: env.SESSION_LIFETIME_SECONDS,
    livekit: livekitOf(env),
    webhooks: webhooksOf(env),
    retentionIntervalMs: env.RETENTION_INTERVAL_SECONDS * 1000,
    allowedOrigins: env.ALLOWED_ORIGINS ?? [],
    // Without tokens, a page whose own name was made to point to this machine must not pass for one of ours.
    hostNames: env.AUTH === 'dev' ? [...loopback] : null,
    modelsDir: env.MODELS_DIR,
    demoDir: env.DEMO_DIR,
    connectionLimits: {
      messageBytes: env.MAX_MESSAGE_BYTES,
      messagesPerSecond: env.MAX_MESSAGES_PER_SECOND,
      messageBurst: env.MAX_MESSAGE_BURST,
      bytesPerSecond: env.MAX_BYTES_PER_SECOND,
      // Room for some of the largest messages, so that a client that was away can catch up.
      byteBurst: Math.max(4 * env.MAX_MESSAGE_BYTES, env.MAX_BYTES_PER_SECOND),
      strikes: 100,
      sendBufferBytes: env.MAX_SEND_BUFFER_BYTES,
      messagesInWork: 16,
      silenceMs: 60_000,
    },
    requestLimits: { headersMs: 10_000, wholeMs: 30_000, checkEveryMs: 5000 },
    maxConnections: env.MAX_CONNECTIONS,
    maxConnectionsPerAddress: env.MAX_CONNECTIONS_PER_ADDRESS,
    heartbeatMs: 10_000,
    requestSilenceMs: 30_000,
    examStatsMs: env.EXAM_STATS_SECONDS * 1000,
    proctoring: {
      registerWithinMs: 10_000,
      presence: { ...presenceTimings, drainMs: env.DRAIN_SECONDS * 1000 },
      alerts: alertsTimings,
      escalateAfterMs: env.ALERT_ESCALATION_SECONDS * 1000,
    },
    logLevel: env.LOG_LEVEL,
  };
};

const authOf = (env: Parsed): AuthConfig => {
  if (env.AUTH === 'dev') return { mode: 'dev' };
  const secret = env.JWT_SECRET ?? null;
  const audience = env.JWT_AUDIENCE ?? null;
  if (env.JWKS_URL !== undefined) {
    return { mode: 'jwt', userKeys: { kind: 'jwks', url: env.JWKS_URL }, sessionSecret: secret, audience };
  }
  // Said before among what does not go together; no server ever starts on an empty secret.
  if (secret === null) throw new IngestError('bad_config', noKeys);
  return { mode: 'jwt', userKeys: { kind: 'secret', secret }, sessionSecret: secret, audience };
};

const webhooksOf = ({ WEBHOOK_URL: url, WEBHOOK_SECRET: key }: Parsed): Config['webhooks'] =>
  key === undefined ? null : { url: url ?? null, key };

const livekitOf = (env: Parsed): Config['livekit'] => {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = env;
  if (url === undefined || apiKey === undefined || apiSecret === undefined) return null;
  return { url, apiKey, apiSecret };
};

/** The configuration as a Markdown table. */
export const configTable = (): string => {
  const rows = Object.entries(EnvironmentSchema.entries).map(([name, entry]) => {
    const { doc, allowed } = settingOf(name);
    const preset = String(entry.default ?? '').replace(besideThisPackage(''), '');
    return `| \`${name}\` | ${preset === '' ? '' : `\`${preset}\``} | ${doc} | ${allowed} |`;
  });
  return ['| variable | default | what | allowed |', '|---|---|---|---|', ...rows].join('\n');
};
