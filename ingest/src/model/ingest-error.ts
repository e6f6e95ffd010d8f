/** Why something in this package could not be done, for callers that decide what to answer. */
export type IngestErrorReason =
  /** The frame store (Redis or the embedded one) does not answer. Nothing was acknowledged; trying again helps. */
  | 'frame_store_unavailable'
  /** The records (SQL) do not answer. Trying again helps. */
  | 'records_unavailable'
  /** This replica is cut off from the others. Trying again helps. */
  | 'bus_unavailable'
  /** The server with the keys of users' tokens does not answer, or answers nonsense. Trying again helps. */
  | 'keys_unavailable'
  /** More gaps in a session's sequence numbers than are kept apart. */
  | 'too_many_gaps'
  /** A student started too many sessions of an exam. */
  | 'too_many_sessions'
  /** Another replica is ending the session and did not finish in time. */
  | 'end_in_progress'
  /** Rules of a version that never was. */
  | 'unknown_rules'
  /** Other rules were asked for, and not all frames are there any more. */
  | 'frames_expired'
  /** A file that is no dump of frames. */
  | 'not_a_dump'
  | 'bad_config';

export class IngestError extends Error {
  override readonly name = 'IngestError';
  readonly reason: IngestErrorReason;

  constructor(reason: IngestErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** Clients read the message. What a driver says may hold addresses and names, so it is in the cause alone, for the log. */
const inOurWords = (cause: unknown): string => (typeof cause === 'string' ? `: ${cause}` : '');

export const frameStoreUnavailable = (cause: unknown): IngestError =>
  new IngestError('frame_store_unavailable', `the frame store does not answer${inOurWords(cause)}`, cause);

export const recordsUnavailable = (cause: unknown): IngestError =>
  new IngestError('records_unavailable', `the records do not answer${inOurWords(cause)}`, cause);

export const busUnavailable = (cause: unknown): IngestError =>
  new IngestError('bus_unavailable', `the bus does not answer${inOurWords(cause)}`, cause);

export const keysUnavailable = (cause: unknown): IngestError =>
  new IngestError('keys_unavailable', `the key server does not answer${inOurWords(cause)}`, cause);

export const tooManyGaps = (maxGaps: number): IngestError =>
  new IngestError(
    'too_many_gaps',
    `a session's sequence numbers may have at most ${maxGaps} gaps at a time; send the lowest missing ones first`,
  );

const lasting: readonly IngestErrorReason[] = [
  'bad_config',
  'too_many_gaps',
  'too_many_sessions',
  'unknown_rules',
  'frames_expired',
  'not_a_dump',
];

/** Whether the same request can succeed later without anybody changing it. */
export const isTemporary = (error: unknown): error is IngestError =>
  error instanceof IngestError && !lasting.includes(error.reason);
