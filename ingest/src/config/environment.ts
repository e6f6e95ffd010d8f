import { fileURLToPath } from 'node:url';
import { webhookFormats } from '@invigil/protocol/channels';
import { limits } from '@invigil/protocol/frame';
import * as v from 'valibot';
import {
  addressRanges,
  bucket,
  choice,
  integer,
  originList,
  redisUrl,
  signingSecret,
  subjectPrefix,
  text,
  textList,
  url,
  webhookSecret,
  workerCount,
} from './setting.ts';
import type { Setting } from './setting.ts';

/** The same path from `src/config` and `dist/config`. */
export const fromRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Every environment variable that the server reads, with its default. */
export const EnvironmentSchema = v.object({
  HOST: v.optional(text('Address to listen on', 'an address or a host name'), '127.0.0.1'),
  PORT: v.optional(integer('Port to listen on; 0 picks a free one', 0, 65_535), '8000'),
  WORKERS: v.optional(
    workerCount(
      'Processes that share the port: a number, or auto for one on each core. More than one needs REDIS_URL and DATABASE_URL; without them, auto is 1',
    ),
    '1',
  ),
  ANALYSIS_THREADS: v.optional(
    integer(
      'Threads of each process that analyse the dumps of ended sessions; they start when they are needed, and one more for ends of sessions while requests use them all',
      1,
      64,
    ),
    '1',
  ),
  PUBLIC_URL: v.optional(url('Public URL of the server when it is behind a proxy', ['http:', 'https:'])),
  DATA_DIR: v.optional(text('Folder of the embedded stores', 'a folder'), './data'),
  DUMP_DIR: v.optional(text('Folder of the frame dumps', 'a folder'), './analysis_dumps'),
  REDIS_URL: v.optional(
    redisUrl(
      'Redis for frames, rate limits and the bus; without it frames are stored in DATA_DIR. Several nodes, separated by commas, are a Redis Cluster: two are enough, but name three or more, on different machines, because a server needs one of them to start and for the bus',
    ),
  ),
  REDIS_WAIT_REPLICAS: v.optional(
    integer('Replicas of Redis that must have a frame before the server acknowledges it', 0, 5),
    '0',
  ),
  DATABASE_URL: v.optional(
    url('Postgres for records; without it they are stored in DATA_DIR', ['postgres:', 'postgresql:'], true),
  ),
  NATS_URL: v.optional(
    url('NATS for the bus between replicas, instead of Redis', ['nats:', 'tls:', 'ws:', 'wss:'], true),
  ),
  BUS_PREFIX: v.optional(
    subjectPrefix(
      'In front of every subject of the bus, when several installations share one NATS or Redis; the same for all replicas',
    ),
  ),
  AUTH: v.optional(
    choice(
      'dev: no tokens, sessions are created on first use; loopback only. oidc: staff sign in through an OpenID provider, and tokens work as with jwt',
      ['dev', 'jwt', 'oidc'],
    ),
    'dev',
  ),
  JWT_SECRET: v.optional(
    signingSecret(
      'HS256 secret of session tokens and, unless JWKS_URL is set, of user tokens; AUTH=jwt needs one of the two',
    ),
  ),
  JWKS_URL: v.optional(url('JWKS with the keys of user tokens (RS256, ES256)', ['https:', 'http:'])),
  JWT_AUDIENCE: v.optional(
    text('Audience that every user token must have; if unset, a token that has an audience must include invigil'),
  ),
  OIDC_ISSUER: v.optional(url('OpenID provider of AUTH=oidc', ['https:', 'http:'])),
  OIDC_CLIENT_ID: v.optional(text('Client id at the OpenID provider')),
  OIDC_CLIENT_SECRET: v.optional(text('Client secret; unset for a public client', 'text', true)),
  OIDC_SCOPES: v.optional(text('Scopes to ask for, separated by spaces'), 'openid profile'),
  OIDC_USER_CLAIM: v.optional(text('Claim with the user’s id'), 'sub'),
  OIDC_ROLE_CLAIM: v.optional(
    text('Claim with the user’s roles: a name, or a path such as realm_access.roles'),
    'roles',
  ),
  OIDC_TEACHER_ROLES: v.optional(textList('Values of that claim that make a teacher, separated by commas'), 'TEACHER'),
  OIDC_ADMIN_ROLES: v.optional(textList('Values of that claim that make an administrator'), 'ADMIN'),
  STAFF_SESSION_SECONDS: v.optional(integer('How long staff stay signed in', 60, 604_800), '28800'),
  LTI: v.optional(choice('Lets learning platforms launch exams (LTI 1.3); requires AUTH=oidc', ['on', 'off']), 'off'),
  FRAME_BUFFER_RETENTION_SECONDS: v.optional(
    integer('How long frames stay in Redis or DATA_DIR before they move to the archive', 1, 2_592_000),
    '120',
  ),
  FRAME_ARCHIVE_DIR: v.optional(
    text(
      'Folder of the archived frames, shared by all replicas; without it they are stored with the records',
      'a folder',
    ),
  ),
  FRAME_ARCHIVE_BUCKET: v.optional(
    bucket(
      'S3-compatible bucket for archived frames, instead of FRAME_ARCHIVE_DIR; must support conditional writes (If-None-Match)',
    ),
  ),
  AWS_ENDPOINT_URL: v.optional(
    url('Server of FRAME_ARCHIVE_BUCKET, addressed by path; if unset, Amazon S3 in AWS_REGION', ['https:', 'http:']),
  ),
  AWS_REGION: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9-]{1,50}$/),
      v.metadata({ doc: 'Region of FRAME_ARCHIVE_BUCKET', allowed: 'letters, digits and -' }),
    ),
    'us-east-1',
  ),
  AWS_ACCESS_KEY_ID: v.optional(
    text('Access key with permission to list, read, write and delete objects of FRAME_ARCHIVE_BUCKET', 'text', true),
  ),
  AWS_SECRET_ACCESS_KEY: v.optional(text('Secret access key', 'text', true)),
  UNREGISTERED_EXAMS: v.optional(
    choice(
      'Whether a student may start a session in an exam that does not exist; if unset, only with AUTH=dev. With allow, the teacher who creates the exam later takes over its existing students',
      ['allow', 'refuse'],
    ),
  ),
  SESSION_LIFETIME_SECONDS: v.optional(
    integer('Maximum length of a session, and lifetime of its token', 60, 604_800),
    '14400',
  ),
  LIVEKIT_URL: v.optional(url('LiveKit server', ['ws:', 'wss:', 'http:', 'https:'])),
  LIVEKIT_API_KEY: v.optional(text('LiveKit key', 'text', true)),
  LIVEKIT_API_SECRET: v.optional(text('LiveKit secret', 'text', true)),
  WEBHOOK_URL: v.optional(
    url(
      'Receives webhooks about sessions, alerts, reports and reviews of every exam; an exam may name its own as well',
      ['https:', 'http:'],
      true,
    ),
  ),
  WEBHOOK_FORMAT: v.optional(
    choice('Format of the webhooks to WEBHOOK_URL; xapi: statements for a learning record store', webhookFormats),
    'invigil',
  ),
  WEBHOOK_SECRET: v.optional(webhookSecret('Signs webhooks (Standard Webhooks); without it none are sent')),
  RETENTION_INTERVAL_SECONDS: v.optional(integer('How often expired data is purged', 1, 86_400), '3600'),
  ALLOWED_ORIGINS: v.optional(originList('Other web origins that may use the server, separated by commas')),
  TRUSTED_PROXIES: v.optional(
    addressRanges(
      'Reverse proxies in front of the server. The server takes the address of the client from their X-Forwarded-For or Forwarded header, and the requested host from their X-Forwarded-Host',
    ),
  ),
  MODELS_DIR: v.optional(
    text('Folder of the model weights, served at /models', 'a folder'),
    fromRepository('models/weights'),
  ),
  DEMO_DIR: v.optional(text('Folder of the built pages, served at /', 'a folder'), fromRepository('demo/dist/site')),
  ALERT_ESCALATION_SECONDS: v.optional(
    integer('Time without an acknowledgement after which an alert goes to the exam’s other teachers', 1, 86_400),
    '60',
  ),
  DRAIN_SECONDS: v.optional(
    integer('How long a server that is shutting down waits for agents to move to another replica', 0, 300),
    '10',
  ),
  MAX_MESSAGE_BYTES: v.optional(
    integer('Maximum size of a message', limits.leastMessageBytes, 16_777_216),
    String(limits.messageBytes),
  ),
  MAX_MESSAGES_PER_SECOND: v.optional(
    integer('Sustained messages per second of one user on one channel', 1, 10_000),
    '50',
  ),
  MAX_MESSAGE_BURST: v.optional(integer('Burst of messages of one user on one channel', 1, 100_000), '200'),
  MAX_BYTES_PER_SECOND: v.optional(
    integer('Sustained bytes per second of one user on one channel', 1024, 1_000_000_000),
    '262144',
  ),
  MAX_FRAMES_PER_SECOND: v.optional(
    integer('Sustained frames per second of one session, over all of its connections', 1, 100_000),
    '100',
  ),
  MAX_FRAME_BURST: v.optional(
    integer('Burst of frames of one session, for a client that catches up after an outage', 500, 10_000_000),
    '60000',
  ),
  MAX_REQUESTS_PER_SECOND: v.optional(
    integer('Sustained HTTP requests per second of one user, ten times as many at once; admins are exempt', 1, 100_000),
    '50',
  ),
  MAX_REQUESTS_PER_SECOND_PER_ADDRESS: v.optional(
    integer(
      'Sustained API requests per second from one address, ten times as many at once; a whole school may share one',
      1,
      1_000_000,
    ),
    '5000',
  ),
  MAX_REFUSALS_PER_SECOND_PER_ADDRESS: v.optional(
    integer(
      'Refused HTTP requests per second of one address, ten times as many at once; further refusals are answered a second late',
      1,
      1_000_000,
    ),
    '50',
  ),
  MAX_CONNECTIONS_PER_USER: v.optional(
    integer('WebSocket connections of one user to one replica; admins are exempt', 1, 1_000_000),
    '30',
  ),
  MAX_SEND_BUFFER_BYTES: v.optional(
    integer('Unsent bytes at which the server closes a slow connection', 1024, 1_000_000_000),
    '1048576',
  ),
  MAX_CONNECTIONS: v.optional(integer('WebSocket connections of this process', 1, 1_000_000), '20000'),
  MAX_CONNECTIONS_PER_ADDRESS: v.optional(
    integer('WebSocket connections from one address; a whole school may share one', 1, 1_000_000),
    '10000',
  ),
  EXAM_STATS_SECONDS: v.optional(integer('Interval at which teachers receive an exam’s statistics', 1, 3600), '15'),
  OTEL_EXPORTER_OTLP_ENDPOINT: v.optional(
    url(
      'Collector of OpenTelemetry traces (OTLP over HTTP, JSON), such as http://localhost:4318; needs packages that are not installed with the server',
      ['http:', 'https:'],
    ),
  ),
  OTEL_SERVICE_NAME: v.optional(text('Name of this server in traces'), 'invigil'),
  LOG_LEVEL: v.optional(choice('Lowest level that is logged', ['debug', 'info', 'warn', 'error', 'silent']), 'info'),
});

/** The variables after parsing. */
export type ParsedEnvironment = v.InferOutput<typeof EnvironmentSchema>;
export type VariableName = keyof ParsedEnvironment;

export const settingOf = (name: VariableName): Setting =>
  v.getMetadata(EnvironmentSchema.entries[name].wrapped as Parameters<typeof v.getMetadata>[0]) as unknown as Setting;

export const isVariable = (name: string): name is VariableName => Object.hasOwn(EnvironmentSchema.entries, name);
