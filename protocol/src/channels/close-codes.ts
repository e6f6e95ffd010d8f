/** Every close code that the server sends, with what the client should do about it. */
export interface CloseReason {
  code: number;
  reason: string;
  /** Whether connecting again can help, without anybody doing something first. */
  reconnect: boolean;
}

const entry = (code: number, reason: string, reconnect: boolean): CloseReason => ({
  code,
  reason,
  reconnect,
});

export const closeCodes = {
  normal: entry(1000, 'closed', false),
  goingAway: entry(1001, 'server is going away', true),
  /** Bytes that are no WebSocket frame; ws itself closes with it. */
  protocolError: entry(1002, '', true),
  unsupportedData: entry(1003, 'binary messages are not accepted here', false),
  /** Text that is not UTF-8; ws itself closes with it. */
  invalidText: entry(1007, '', true),
  policyViolation: entry(1008, 'not allowed', false),
  messageTooBig: entry(1009, 'message is larger than allowed', false),
  internalError: entry(1011, 'server error', true),
  tryAgainLater: entry(1013, 'server is busy', true),
  /** The session has ended; there is nothing more to send. */
  sessionEnded: entry(4000, 'session ended', false),
  /** Another connection of the same client took this one's place. */
  replaced: entry(4001, 'replaced by a newer connection', false),
  /** Too many messages, or too many invalid ones. */
  rateExceeded: entry(4002, 'too many messages', true),
  heartbeatTimeout: entry(4003, 'no sign of life', true),
  tokenExpired: entry(4004, 'token expired', true),
  authTimeout: entry(4005, 'not authenticated in time', false),
} as const satisfies Record<string, CloseReason>;

export type CloseName = keyof typeof closeCodes;

const byCode = new Map<number, CloseReason>(Object.values(closeCodes).map((reason) => [reason.code, reason]));

/** What to do after a close: known codes say it; anything else (1005, 1006, …) is a lost connection, so come back. */
export const shouldReconnect = (code: number): boolean => byCode.get(code)?.reconnect ?? true;
