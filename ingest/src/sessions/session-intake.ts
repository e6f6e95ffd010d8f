import { readSessionMessage } from '@invigil/protocol/channels';
import type { ClientSessionMessage, Hello, Picture, Problem, ServerSessionMessage } from '@invigil/protocol/channels';
import { IngestError, isTemporary } from '../model/ingest-error.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import { LargeMessageTurns } from './large-message-turns.ts';
import { FrameIntake } from './frame-intake.ts';
import type { FrameIntakeOptions, FrameIntakeResult } from './frame-intake.ts';
import { isoTime } from '../time/iso-time.ts';

export interface SessionIntakeOptions extends FrameIntakeOptions {
  /** The clock that the replicas share, milliseconds since the Unix epoch. */
  sharedNow: () => number;
  outages: OutageLog;
  /** How long a client should wait while a store is unavailable, milliseconds. */
  retryAfterMs: () => number;
  /** Forwards a thumbnail. @returns why it was refused, or null */
  onPicture(sessionId: string, picture: Picture): Problem | null;
}

/** The outcome of one client message: the answers, in order, and whether the session turned out to have ended. */
export interface IntakeResult {
  answers: ServerSessionMessage[];
  outcome: 'accepted' | 'refused' | 'unavailable' | 'ended';
}

/** How a message was received. */
export interface MessageReceipt {
  /** Called for a `hello`; the `welcome` follows once it resolves. */
  onHello?: (hello: Hello) => Promise<void>;
  /** Size of the message before it was parsed. */
  bytes?: number;
  /** How long ago the message arrived, milliseconds. */
  waitedMs?: number;
}

/** A message whose session is known. */
interface Arrival {
  sessionId: string;
  /** By the shared clock. */
  arrivedMs: number;
  onHello: (hello: Hello) => Promise<void>;
}

const ignoreHello = async (): Promise<void> => undefined;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The session ids inside a documented message shape: in the raw features and in `frame_data`. */
const sessionIdsIn = (message: unknown): unknown[] => {
  if (!isRecord(message)) return [];
  const inner = message['frame_data'];
  const ids = [message['session_id'], isRecord(inner) ? inner['session_id'] : undefined];
  return ids.filter((id) => id !== undefined && id !== null);
};

/** Handles the session channel's messages, over WebSocket or HTTP, and decides the answer to each. */
export class SessionIntake {
  readonly #options: SessionIntakeOptions;
  readonly #frames: FrameIntake;
  readonly #turns = new LargeMessageTurns();

  constructor(options: SessionIntakeOptions) {
    this.#options = options;
    this.#frames = new FrameIntake(options);
  }

  async takeText(sessionId: string, text: string, receipt: MessageReceipt = {}): Promise<IntakeResult> {
    const arrival = this.#arrival(sessionId, receipt);
    const work = () => this.#takeText(arrival, text);
    return (await this.#turns.run(sessionId, text.length, work)) ?? this.#tooFast(0);
  }

  async take(sessionId: string, message: unknown, receipt: MessageReceipt = {}): Promise<IntakeResult> {
    const arrival = this.#arrival(sessionId, receipt);
    const work = () => this.#take(arrival, message);
    return (await this.#turns.run(sessionId, receipt.bytes ?? 0, work)) ?? this.#tooFast(0);
  }

  /** Writes the counts of frames that were dropped for their rate: of a session that ends, or of all when the server stops. */
  writeDropped(sessionId: string | null): Promise<void> {
    return this.#frames.writeDropped(sessionId);
  }

  #arrival(sessionId: string, { waitedMs = 0, onHello = ignoreHello }: MessageReceipt): Arrival {
    return { sessionId, arrivedMs: this.#options.sharedNow() - waitedMs, onHello };
  }

  #takeText(arrival: Arrival, text: string): Promise<IntakeResult> {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return Promise.resolve(this.#refuse([{ code: 'BAD_JSON', message: 'the message is not JSON' }]));
    }
    return this.#take(arrival, message);
  }

  async #take(arrival: Arrival, message: unknown): Promise<IntakeResult> {
    if (sessionIdsIn(message).some((id) => id !== arrival.sessionId)) {
      return this.#refuse([
        { code: 'INVALID_MESSAGE', message: 'session_id does not match this connection', field: 'session_id' },
      ]);
    }
    try {
      return await this.#dispatch(arrival, readSessionMessage(message));
    } catch (error) {
      if (isTemporary(error)) return this.unavailable(error);
      if (error instanceof IngestError) {
        const code = error.reason === 'too_many_gaps' ? 'TOO_MANY_GAPS' : 'INVALID_MESSAGE';
        return this.#refuse([{ code, message: error.message }]);
      }
      throw error;
    }
  }

  /** Nothing was stored or acknowledged: the client keeps its frames and sends them again. */
  unavailable(error: IngestError): IntakeResult {
    const { metrics, outages, retryAfterMs } = this.#options;
    outages.warn({ event: 'frames.not_stored', error });
    metrics.messagesRefused.inc({ code: 'STORE_UNAVAILABLE' });
    return {
      outcome: 'unavailable',
      answers: [{ type: 'slow_down', retry_after_ms: retryAfterMs(), reason: error.reason }],
    };
  }

  ended(sessionId: string): IntakeResult {
    this.#options.metrics.messagesRefused.inc({ code: 'SESSION_ENDED' });
    const timestamp = isoTime(this.#options.now());
    return { outcome: 'ended', answers: [{ type: 'session_ended', session_id: sessionId, timestamp }] };
  }

  async #dispatch(arrival: Arrival, message: ClientSessionMessage): Promise<IntakeResult> {
    const { sessionId, arrivedMs } = arrival;
    switch (message.kind) {
      case 'invalid':
        return this.#refuse([message.problem]);
      case 'ping':
        return accepted({ type: 'pong', timestamp: isoTime(this.#options.now()) });
      case 'hello':
        await arrival.onHello(message.hello);
        return this.#welcome(sessionId);
      case 'picture': {
        const problem = this.#options.onPicture(sessionId, message.picture);
        return problem === null ? { outcome: 'accepted', answers: [] } : this.#refuse([problem]);
      }
      case 'single':
        return this.#answer(sessionId, await this.#frames.takeSingle(sessionId, message, arrivedMs));
      case 'losses':
        return this.#answer(sessionId, await this.#frames.takeLosses(sessionId, message, arrivedMs));
      case 'batch':
        return this.#answer(sessionId, await this.#frames.takeBatch(sessionId, message, arrivedMs));
    }
  }

  async #welcome(sessionId: string): Promise<IntakeResult> {
    const stream = await this.#frames.openStream(sessionId);
    if (stream === null) return this.ended(sessionId);
    const { upToSeq, highestSeq, chain } = stream;
    return accepted({
      type: 'welcome',
      session_id: sessionId,
      server_time_ms: this.#options.now(),
      up_to_seq: upToSeq,
      highest_seq: highestSeq,
      chain: chain.head,
    });
  }

  #answer(sessionId: string, result: FrameIntakeResult): IntakeResult {
    if (result.status === 'ended') return this.ended(sessionId);
    if (result.status === 'too_fast') return this.#tooFast(result.retryAfterMs);
    const { problems, ack } = result;
    return {
      outcome: problems.length > 0 ? 'refused' : 'accepted',
      answers: [...this.#errors(problems), ...(ack === null ? [] : [ack])],
    };
  }

  #tooFast(retryAfterMs: number): IntakeResult {
    const { answers } = this.#refuse([{ code: 'RATE_EXCEEDED', message: 'too many frames for this session' }]);
    const slowDown = { type: 'slow_down', retry_after_ms: Math.max(1000, retryAfterMs), reason: 'rate' } as const;
    return { outcome: 'refused', answers: [...answers, slowDown] };
  }

  #refuse(problems: Problem[]): IntakeResult {
    return { outcome: 'refused', answers: this.#errors(problems) };
  }

  #errors(problems: Problem[]): ServerSessionMessage[] {
    for (const { code } of problems) this.#options.metrics.messagesRefused.inc({ code });
    return problems.map((problem) => ({ type: 'error', ...problem }));
  }
}

const accepted = (answer: ServerSessionMessage): IntakeResult => ({ outcome: 'accepted', answers: [answer] });
