import { breakActions, problemCodes } from '@invigil/protocol/channels';
import type { SeqRange, ServerSessionMessage } from '@invigil/protocol/channels';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= -1;
const isRange = (value: unknown): value is SeqRange =>
  Array.isArray(value) && value.length === 2 && isSeq(value[0]) && isSeq(value[1]) && value[0] <= value[1];

const isHead = (value: unknown): boolean => value === null || typeof value === 'string';

/** Shortest time between two thumbnails, whatever the server requests. */
const leastPicturePeriodMs = 1000;

/** Fields that decide what the client forgets or when it reconnects are validated; the rest is not. */
const isWellFormed = (message: Record<string, unknown>): boolean => {
  switch (message['type']) {
    case 'heartbeat':
    case 'session_ended':
    case 'pong':
      return true;
    case 'welcome':
      // An earlier version of the server does not send the highest number.
      return (
        isSeq(message['up_to_seq']) &&
        isHead(message['chain']) &&
        (message['highest_seq'] === undefined || isSeq(message['highest_seq'])) &&
        Number.isFinite(message['server_time_ms'])
      );
    case 'ack':
      return (
        isSeq(message['up_to_seq']) &&
        isHead(message['chain']) &&
        Array.isArray(message['seqs']) &&
        message['seqs'].every(isRange)
      );
    case 'pictures':
      return (
        (message['every_ms'] === null || Number(message['every_ms']) >= leastPicturePeriodMs) &&
        typeof message['now'] === 'boolean'
      );
    case 'slow_down':
      return Number.isFinite(message['retry_after_ms']);
    case 'proctor_message':
      return (
        typeof message['message_id'] === 'string' &&
        typeof message['text'] === 'string' &&
        typeof message['timestamp'] === 'string'
      );
    case 'break':
      return breakActions.some((action) => action === message['action']);
    case 'breaks':
      return typeof message['allowed'] === 'boolean';
    case 'error':
      return problemCodes.some((code) => code === message['code']);
    default:
      return false;
  }
};

/** A message of the server, or null for an unknown one. */
export const readServerMessage = (raw: unknown): ServerSessionMessage | null =>
  isRecord(raw) && isWellFormed(raw) ? (raw as unknown as ServerSessionMessage) : null;

export const parseServerMessage = (text: string): ServerSessionMessage | null => {
  try {
    return readServerMessage(JSON.parse(text));
  } catch {
    return null;
  }
};
