/** An expected failure in this package, with a reason that callers map to an answer. */
export type IngestErrorReason =
  /** The frame store (Redis or the embedded one) is unavailable. Nothing was acknowledged; retry later. */
  | 'frame_store_unavailable'
  /** The records (SQL) are unavailable. Retry later. */
  | 'records_unavailable'
  /** The archive of older frames is unavailable. New frames are stored all the same; retry later. */
  | 'archive_unavailable'
  /** This replica is cut off from the others. Retry later. */
  | 'bus_unavailable'
  /** The server with the keys of users' tokens is unavailable or its answer is invalid. Retry later. */
  | 'keys_unavailable'
  /** Too many gaps in a session's sequence numbers to track. */
  | 'too_many_gaps'
  /** A student started too many sessions of an exam. */
  | 'too_many_sessions'
  /** Another replica is ending the session and did not finish in time. */
  | 'end_in_progress'
  /** The requested rules version does not exist. */
  | 'unknown_rules'
  /** Other rules were requested, but some frames have expired. */
  | 'frames_expired'
  /** The file is not a dump of frames. */
  | 'not_a_dump'
  /** The threads for analyses are busy and the queue is full. Retry later. */
  | 'busy'
  /** The server was closed before it listened. */
  | 'closed'
  | 'bad_config';

export class IngestError extends Error {
  override readonly name = 'IngestError';
  readonly reason: IngestErrorReason;

  constructor(reason: IngestErrorReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/**
 * Clients read the message. A driver's message may contain addresses and names, so it is only in the cause, for the
 * log.
 */
const inOurWords = (cause: unknown): string => (typeof cause === 'string' ? `: ${cause}` : '');

export const frameStoreUnavailable = (cause: unknown): IngestError =>
  new IngestError('frame_store_unavailable', `the frame store does not answer${inOurWords(cause)}`, cause);

/** Redis has the write, but it is not acknowledged. */
export const tooFewReplicas = (reached: number, required: number): IngestError =>
  new IngestError(
    'frame_store_unavailable',
    'too few replicas of the frame store have the write',
    new Error(`${reached} of the ${required} that REDIS_WAIT_REPLICAS requires`),
  );

export const recordsUnavailable = (cause: unknown): IngestError =>
  new IngestError('records_unavailable', `the records do not answer${inOurWords(cause)}`, cause);

export const archiveUnavailable = (cause: unknown): IngestError =>
  new IngestError(
    'archive_unavailable',
    typeof cause === 'string' ? `the frame archive cannot be used: ${cause}` : 'the frame archive does not answer',
    cause,
  );

export const busUnavailable = (cause: unknown): IngestError =>
  new IngestError('bus_unavailable', `the bus does not answer${inOurWords(cause)}`, cause);

export const keysUnavailable = (cause: unknown): IngestError =>
  new IngestError('keys_unavailable', `the key server does not answer${inOurWords(cause)}`, cause);

export const busy = (why: string): IngestError => new IngestError('busy', `${why}; try again later`);

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

/** Whether the same request can succeed later without any change. */
export const isTemporary = (error: unknown): error is IngestError =>
  error instanceof IngestError && !lasting.includes(error.reason);
