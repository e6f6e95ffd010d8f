/** A close code that the server sends, and what the client should do. */
export interface CloseReason {
  code: number;
  reason: string;
  /** Whether reconnecting can help without user action. */
  reconnect: boolean;
}

const entry = (code: number, reason: string, reconnect: boolean): CloseReason => ({
  code,
  reason,
  reconnect,
});

/** Every close code that the server sends. 1000–1015 are defined by RFC 6455; 4000–4999 are ours. */
export const closeCodes = {
  normal: entry(1000, 'closed', false),
  goingAway: entry(1001, 'server is going away', true),
  /** The bytes were not a valid WebSocket frame; sent by the ws library. */
  protocolError: entry(1002, '', true),
  unsupportedData: entry(1003, 'binary messages are not accepted', false),
  /** The text was not UTF-8; sent by the ws library. */
  invalidText: entry(1007, '', true),
  policyViolation: entry(1008, 'not allowed', false),
  /** A message exceeds the channel's size limit; the reason states the limit. */
  messageTooBig: entry(1009, 'message exceeds the size limit', false),
  internalError: entry(1011, 'server error', true),
  tryAgainLater: entry(1013, 'server is busy', true),
  /** The session has ended; the client has nothing more to send. */
  sessionEnded: entry(4000, 'session ended', false),
  /** A newer connection of the same client replaced this one. */
  replaced: entry(4001, 'replaced by a newer connection', false),
  /** Too many messages, or too many invalid ones. */
  rateExceeded: entry(4002, 'too many messages', true),
  heartbeatTimeout: entry(4003, 'no heartbeat received', true),
  tokenExpired: entry(4004, 'token expired', true),
  authTimeout: entry(4005, 'authentication timed out', false),
} as const satisfies Record<string, CloseReason>;

export type CloseName = keyof typeof closeCodes;

const byCode = new Map<number, CloseReason>(Object.values(closeCodes).map((reason) => [reason.code, reason]));

/** For channels of an exam that is over. Clients recognise it by the words before the status. */
export const examOver = (status: string): CloseReason => ({
  ...closeCodes.normal,
  reason: `the exam is ${status}`,
});

/** @param mostBytes the size limit */
export const messageTooBig = (mostBytes: number): CloseReason => ({
  ...closeCodes.messageTooBig,
  reason: `${closeCodes.messageTooBig.reason} of ${mostBytes} bytes`,
});

/** Whether a close has the words of this table. Proxies and filters close with the same codes, but without them. */
export const isOwnReason = (reason: string): boolean =>
  reason !== '' &&
  ([...byCode.values()].some((own) => own.reason === reason) ||
    reason.startsWith(`${closeCodes.messageTooBig.reason} `));

/**
 * Whether a client should reconnect after a close. Unknown codes (1005, 1006, …) mean a lost connection: reconnect.
 *
 * @example
 * shouldReconnect(1006); // true
 * shouldReconnect(closeCodes.sessionEnded.code); // false
 */
export const shouldReconnect = (code: number): boolean => byCode.get(code)?.reconnect ?? true;
