import { limits } from '@invigil/protocol/frame';

/** A limit on the cost that one party may cause, across connections and replicas unless `scope` narrows it. */
export interface BudgetRow {
  scope: string;
  what: string;
  limit: number;
  /** Burst: this many at once, before the rate applies. */
  burst?: number;
  unit: string;
  /** What happens when the limit is exceeded. */
  beyond: string;
}

const nothingStored = '429 `RATE_EXCEEDED`; nothing is stored';

/**
 * Every limit that no environment variable sets. docs/reference/limits.md is generated from this table. The key is the label `limit` of the
 * metric `invigil_budget_refused_total`, if the metric counts this limit.
 */
export const budgetTable = {
  anonymousBytes: {
    scope: 'anonymous connection',
    what: 'Bytes received before a WebSocket client has identified itself',
    limit: 8192,
    unit: 'bytes',
    beyond: 'the connection is closed with 1009',
  },
  anonymousConnections: {
    scope: 'process',
    what: 'WebSocket connections whose client has not identified itself yet',
    limit: 1000,
    unit: 'connections',
    beyond: 'the upgrade is refused with 503',
  },
  anonymousConnectionsPerAddress: {
    scope: 'address',
    what: 'WebSocket connections whose client has not identified itself yet',
    limit: 400,
    unit: 'connections',
    beyond: 'the upgrade is refused with 503',
  },
  silentSockets: {
    scope: 'process',
    what: 'Sockets on which no whole request has arrived yet',
    limit: 2000,
    unit: 'sockets',
    beyond: 'the socket is closed',
  },
  silentSocketsPerAddress: {
    scope: 'address',
    what: 'Sockets on which no whole request has arrived yet; trusted proxies are exempt',
    limit: 800,
    unit: 'sockets',
    beyond: 'the socket is closed',
  },
  unfinishedSeconds: {
    scope: 'message',
    what: 'Time from the first byte of a WebSocket message to its last',
    limit: 60,
    unit: 'seconds',
    beyond: 'the connection is closed with 1013',
  },
  unfinishedBytes: {
    scope: 'process',
    what: 'Bytes of WebSocket messages whose end has not arrived',
    limit: 128 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection that exceeds it is closed with 1013',
  },
  unfinishedBytesPerAddress: {
    scope: 'address',
    what: 'Bytes of WebSocket messages whose end has not arrived',
    limit: 32 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection that exceeds it is closed with 1013',
  },
  unfinishedBodyBytes: {
    scope: 'process',
    what: 'Bytes of request bodies that are being read. No body is read before its sender is identified and has one of their turns (`requestsAtATime`)',
    limit: 128 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection that exceeds it is cut',
  },
  formBytes: {
    scope: 'process',
    what: 'Bytes of the forms of `/auth` and `/lti` that are being read, before their sender is identified',
    limit: 16 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection that exceeds it is cut',
  },
  formBytesPerAddress: {
    scope: 'address',
    what: 'Bytes of the forms of `/auth` and `/lti` that are being read; trusted proxies that do not name their client are exempt',
    limit: 2 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection that exceeds it is cut',
  },
  launches: {
    scope: 'address',
    what: 'Launches begun by a learning platform, one row each for ten minutes; trusted proxies that do not name their client are exempt',
    limit: 20,
    burst: 2000,
    unit: 'a second',
    beyond: '429 `RATE_EXCEEDED` with `Retry-After`',
  },
  messageElements: {
    scope: 'message',
    what: 'Arrays, objects and commas in one message, which bounds the time to parse it',
    limit: 50_000,
    unit: 'elements',
    beyond: 'the message is refused unread: `INVALID_MESSAGE`, or as JSON that cannot be read',
  },
  framesPerBatch: {
    scope: 'message',
    what: 'Frames in one batch',
    limit: limits.framesPerBatch,
    unit: 'frames',
    beyond: '`TOO_MANY_FRAMES`; nothing of the batch is stored',
  },
  frameFields: {
    scope: 'frame',
    what: 'Fields of one frame',
    limit: limits.frameFields,
    unit: 'fields',
    beyond: '`TOO_MANY_FIELDS`; the frame is reported lost (`rejected`)',
  },
  sessions: {
    scope: 'student and exam',
    what: 'Sessions started in 24 hours; at most one runs at a time',
    limit: 50,
    unit: 'sessions',
    beyond: '429 `RATE_EXCEEDED`; no session is started',
  },
  alerts: {
    scope: 'session',
    what: 'Alerts. The report still lists every observation',
    limit: 500,
    unit: 'rows',
    beyond: 'no further alert is raised; logged once',
  },
  violations: {
    scope: 'student and exam',
    what: 'Violations. Frames and their dump still contain all of them',
    limit: 5000,
    unit: 'rows',
    beyond: 'the violation is not recorded; `recorded` is false',
  },
  requestsAtATime: {
    scope: 'user and process',
    what: 'HTTP requests that are handled at a time; users take turns, admins are exempt',
    limit: 4,
    unit: 'requests',
    beyond: 'the request waits',
  },
  requestsWaiting: {
    scope: 'user and process',
    what: 'HTTP requests that wait for their turn',
    limit: 100,
    unit: 'requests',
    beyond: '429 `RATE_EXCEEDED` with `Retry-After`',
  },
  answerCharacters: {
    scope: 'student and exam',
    what: 'Characters of all answers together, which bounds the state that a page loads',
    limit: 500_000,
    unit: 'characters',
    beyond: nothingStored,
  },
  highlightCharacters: {
    scope: 'student and exam',
    what: 'Characters of all highlights together',
    limit: 250_000,
    unit: 'characters',
    beyond: nothingStored,
  },
  highlights: { scope: 'student and exam', what: 'Highlights', limit: 1000, unit: 'rows', beyond: nothingStored },
  questions: {
    scope: 'student and exam',
    what: 'Questions answered; an answer may be changed at any time',
    limit: 1000,
    unit: 'rows',
    beyond: nothingStored,
  },
  studentRequests: {
    scope: 'student and exam',
    what: 'Requests for help or erasure',
    limit: 100,
    unit: 'rows',
    beyond: nothingStored,
  },
  contests: {
    scope: 'session',
    what: 'Contests of observations',
    limit: 100,
    unit: 'rows',
    beyond: nothingStored,
  },
  presenceAgents: {
    scope: 'user, classroom and process',
    what: 'Agents (labels) at a time',
    limit: 10,
    unit: 'agents',
    beyond: 'the agent is refused',
  },
  presenceVisits: {
    scope: 'user, classroom and process',
    what: 'Visits that presence records, one row each',
    limit: 120,
    burst: 200,
    unit: 'an hour',
    beyond: 'the agent is refused; a session continues without presence',
  },
  reportReads: {
    scope: 'reader and session',
    what: 'Reports computed while the session runs, and analyses',
    limit: 1,
    unit: 'a second',
    beyond: '429 `RATE_EXCEEDED` with `Retry-After`',
  },
  analysesWaiting: {
    scope: 'user and process',
    what: 'Analyses of ended sessions that wait for a thread; users take turns, as if all further versions of reports were one more user’s, and ends of sessions come first',
    limit: 4,
    unit: 'analyses',
    beyond: '503 `SERVER_BUSY` with `Retry-After`',
  },
  analysesWaitingPerProcess: {
    scope: 'process',
    what: 'The same of all users, each for at most 20 seconds; a further user’s analysis replaces one of the user with the most',
    limit: 20,
    unit: 'analyses',
    beyond: '503 `SERVER_BUSY` with `Retry-After`',
  },
  exports: {
    scope: 'reader and student',
    what: 'Exports of a student’s data; admins are exempt',
    limit: 6,
    unit: 'a minute',
    beyond: '429 `RATE_EXCEEDED` with `Retry-After`',
  },
} as const satisfies Record<string, BudgetRow>;

/** The limits of the table and those that environment variables set. */
export type LimitName =
  | keyof typeof budgetTable
  | 'frames'
  | 'messages'
  | 'requests'
  | 'connections'
  | 'addressRequests'
  | 'addressRefusals';
