import { readSessionMessage } from '@invigil/protocol/channels';
import type { ClientSessionMessage, Hello, Picture, Problem, ServerSessionMessage } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { AppendResult, FrameIntake, FrameStore } from '../frames/frame-store.ts';
import { cover } from '../frames/seq-coverage.ts';
import type { SeqCoverage } from '../frames/seq-coverage.ts';
import { IngestError, isTemporary } from '../model/ingest-error.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { correctFuture } from './future-frames.ts';

export interface SessionIntakeOptions {
  frames: FrameStore;
  records: SessionRecords;
  analysis: RunningAnalysis;
  metrics: IngestMetrics;
  outages: OutageLog;
  now: () => number;
  /** How long a client should wait while a store is away. */
  retryAfterMs: () => number;
  /** Frames are safe; among them may be some that were stored before. */
  onStored(sessionId: string, frames: readonly StoredFrame[]): void;
  /** Passes a picture on. @returns why not, where it may not be. */
  onPicture(sessionId: string, picture: Picture): Problem | null;
}

/** What one client message leads to: the answers, in their order, and whether the session turned out to have ended. */
export interface IntakeResult {
  answers: ServerSessionMessage[];
  outcome: 'accepted' | 'refused' | 'unavailable' | 'ended';
}

type Greeted = (hello: Hello) => Promise<void>;
const nobodyWaits: Greeted = async () => undefined;

const noFrames: FrameIntake = { frames: [], lost: [], lossTotals: {}, chain: null };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The session that a documented shape names itself: in the raw features or in `frame_data`. */
const namedSession = (message: unknown): unknown => {
  if (!isRecord(message)) return undefined;
  const inner = message['frame_data'];
  return message['session_id'] ?? (isRecord(inner) ? inner['session_id'] : undefined);
};

/** Takes the session channel's messages, whatever carried them here, and knows what each is answered. */
export class SessionIntake {
  readonly #options: SessionIntakeOptions;

  constructor(options: SessionIntakeOptions) {
    this.#options = options;
  }

  /** @param greeted called when the client says hello; it is welcomed when that resolves. */
  takeText(sessionId: string, text: string, greeted: Greeted = nobodyWaits): Promise<IntakeResult> {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return Promise.resolve(this.#refuse([{ code: 'BAD_JSON', message: 'the message is not JSON' }]));
    }
    return this.take(sessionId, message, greeted);
  }

  async take(sessionId: string, message: unknown, greeted: Greeted = nobodyWaits): Promise<IntakeResult> {
    const named = namedSession(message);
    if (named !== undefined && named !== sessionId) {
      return this.#refuse([
        { code: 'INVALID_MESSAGE', message: 'session_id is not that of this connection', field: 'session_id' },
      ]);
    }
    try {
      return await this.#dispatch(sessionId, readSessionMessage(message), greeted);
    } catch (error) {
      if (isTemporary(error)) return this.unavailable(error);
      if (error instanceof IngestError) {
        const code = error.reason === 'too_many_gaps' ? 'TOO_MANY_GAPS' : 'INVALID_MESSAGE';
        return this.#refuse([{ code, message: error.message }]);
      }
      throw error;
    }
  }

  /** Nothing was stored and nothing is acknowledged: the client keeps what it has and comes again. */
  unavailable(error: IngestError): IntakeResult {
    const { metrics, outages, retryAfterMs } = this.#options;
    outages.warn({ event: 'frames.not_stored', error });
    metrics.messagesRefused.inc({ code: 'STORE_UNAVAILABLE' });
    return {
      outcome: 'unavailable',
      answers: [{ type: 'slow_down', retry_after_ms: retryAfterMs(), reason: error.reason }],
    };
  }

  async #dispatch(sessionId: string, message: ClientSessionMessage, greeted: Greeted): Promise<IntakeResult> {
    switch (message.kind) {
      case 'invalid':
        return this.#refuse([message.problem]);
      case 'ping':
        return accepted({ type: 'pong', timestamp: new Date(this.#options.now()).toISOString() });
      case 'hello':
        await greeted(message.hello);
        return this.#welcome(sessionId);
      case 'picture': {
        const problem = this.#options.onPicture(sessionId, message.picture);
        return problem === null ? { outcome: 'accepted', answers: [] } : this.#refuse([problem]);
      }
      case 'single':
        return this.#takeSingle(sessionId, message);
      case 'losses': {
        const { counts, ranges = [] } = message.losses;
        return this.#append(sessionId, { ...noFrames, lost: ranges, lossTotals: counts }, []);
      }
      case 'batch':
        return this.#takeBatch(sessionId, message);
    }
  }

  async #welcome(sessionId: string): Promise<IntakeResult> {
    const { upToSeq, highestSeq, chain, first } = await this.#options.frames.greet(sessionId);
    if (first && (await this.#endedMeanwhile(sessionId))) return this.ended(sessionId);
    return accepted({
      type: 'welcome',
      session_id: sessionId,
      server_time_ms: this.#options.now(),
      up_to_seq: upToSeq,
      highest_seq: highestSeq,
      chain: chain.head,
    });
  }

  async #takeSingle(
    sessionId: string,
    { features, timestamp }: Extract<ClientSessionMessage, { kind: 'single' }>,
  ): Promise<IntakeResult> {
    const { frames, analysis, metrics, now } = this.#options;
    const receivedAt = now();
    const frame = { ...features, timestamp: timestamp ?? receivedAt, received_at: receivedAt };
    correctFuture([frame], receivedAt);
    const took = metrics.storeSeconds.startTimer({ operation: 'append_next' });
    const result = await frames.appendNext(sessionId, frame).finally(took);
    if (result.status === 'sealed' || (result.first && (await this.#endedMeanwhile(sessionId)))) {
      return this.ended(sessionId);
    }
    metrics.framesStored.inc();
    const stored = [{ ...frame, frame_id: result.frameId, seq: Number(result.frameId.slice('srv-'.length)) }];
    analysis.stored(sessionId, stored);
    this.#options.onStored(sessionId, stored);
    return { outcome: 'accepted', answers: [] };
  }

  #takeBatch(
    sessionId: string,
    { frames, rejected, chain }: Extract<ClientSessionMessage, { kind: 'batch' }>,
  ): Promise<IntakeResult> {
    const receivedAt = this.#options.now();
    correctFuture(frames, receivedAt);
    // The frames are this message's own. Copies of objects with so many fields would be a tenth of the server's work.
    const stored = frames.map((frame): StoredFrame =>
      Object.assign(frame, { frame_id: String(frame.seq), received_at: receivedAt }),
    );
    // A refused frame will not get better by being sent again, so its number is settled as lost.
    const lost = rejected.flatMap(({ seq }) =>
      seq === undefined ? [] : [{ reason: 'rejected' as const, seqs: [seq, seq] as [number, number] }],
    );
    return this.#append(
      sessionId,
      { frames: stored, lost, lossTotals: {}, chain },
      rejected.map(({ index: _index, ...problem }) => problem),
    );
  }

  async #append(sessionId: string, intake: FrameIntake, problems: Problem[]): Promise<IntakeResult> {
    const { frames, metrics, analysis } = this.#options;
    const took = metrics.storeSeconds.startTimer({ operation: 'append' });
    const result = await frames.append(sessionId, intake).finally(took);
    if (result.status === 'sealed' || (result.first && (await this.#endedMeanwhile(sessionId)))) {
      return this.ended(sessionId);
    }
    metrics.framesStored.inc(result.stored.length);
    metrics.framesDuplicate.inc(result.duplicates);
    for (const { reason, seqs } of intake.lost) metrics.framesLost.inc({ reason }, seqs[1] - seqs[0] + 1);
    metrics.acknowledgements.inc();
    if (result.stored.length > 0) {
      analysis.stored(sessionId, result.stored);
      this.#options.onStored(sessionId, intake.frames);
    }
    return {
      outcome: problems.length > 0 ? 'refused' : 'accepted',
      answers: [...this.#errors(problems), ackOf(result, intake)],
    };
  }

  /**
   * A store that knew nothing of the session may have been cleared by its end a moment ago, on another replica. Then what was just
   * stored has no place to go, and is removed again, unacknowledged. While the end goes on nothing is removed: there may be a seal by
   * now, and frames that were acknowledged before it.
   */
  async #endedMeanwhile(sessionId: string): Promise<boolean> {
    const session = await this.#options.records.find(sessionId);
    if (session?.status === 'running') return false;
    if (session?.status !== 'ending') await this.#options.frames.clear(sessionId);
    return true;
  }

  ended(sessionId: string): IntakeResult {
    this.#options.metrics.messagesRefused.inc({ code: 'SESSION_ENDED' });
    const timestamp = new Date(this.#options.now()).toISOString();
    return { outcome: 'ended', answers: [{ type: 'session_ended', session_id: sessionId, timestamp }] };
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

const ackOf = (result: Extract<AppendResult, { status: 'stored' }>, intake: FrameIntake): ServerSessionMessage => {
  let seqs: SeqCoverage = [];
  for (const { seq } of intake.frames) seqs = cover(seqs, [seq, seq]).coverage;
  return { type: 'ack', up_to_seq: result.upToSeq, seqs: [...seqs], chain: result.chain };
};
