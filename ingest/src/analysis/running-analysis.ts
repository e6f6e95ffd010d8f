import type { Logger } from 'pino';
import type { FrameStore } from '../frames/frame-store.ts';
import { isSameRules } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { catchUp } from './catch-up.ts';
import type { CaughtUp } from './catch-up.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint-store.ts';

export interface RunningAnalysisOptions {
  frames: FrameStore;
  checkpoints: CheckpointStore;
  /** What the session is analysed with at present. */
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  log: Logger;
  now: () => number;
}

/** A checkpoint is due after so many frames, or so long after the first frame that it lacks. */
const dueFrames = 50;
const dueMs = 10_000;
const lookEveryMs = 1000;
/** Checkpoints that are moved on at the same time. */
const atOnce = 4;

interface Unfolded {
  frames: number;
  sinceMs: number;
}

/**
 * Keeps each session's analysis close behind its frames: a checkpoint is moved on while frames are stored, so that an analysis
 * folds a bounded number of frames however long the session is.
 */
export class RunningAnalysis {
  readonly #options: RunningAnalysisOptions;
  /** Sessions whose frames were stored here since their last checkpoint. */
  readonly #unfolded = new Map<string, Unfolded>();
  readonly #timer: NodeJS.Timeout;
  #advancing: Promise<void> | null = null;

  constructor(options: RunningAnalysisOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.advance(), lookEveryMs).unref();
  }

  /** Says that so many frames were stored. */
  stored(sessionId: string, frames: number): void {
    const unfolded = this.#unfolded.get(sessionId);
    if (unfolded === undefined) this.#unfolded.set(sessionId, { frames, sinceMs: this.#options.now() });
    else unfolded.frames += frames;
  }

  /** The analysis of everything that is stored now. */
  async analyze(sessionId: string, rules: AnalysisRules): Promise<CaughtUp> {
    const { frames, checkpoints } = this.#options;
    const kept = await checkpoints.load(sessionId);
    const caughtUp = await catchUp(frames, sessionId, kept?.checkpoint ?? null, rules);
    const { settled } = caughtUp;
    const isBehind = settled.state.frames - (kept?.checkpoint.folded.state.frames ?? 0) >= dueFrames;
    const isOther = kept !== null && !isSameRules(kept.checkpoint.rules, caughtUp.rules);
    if (isBehind || isOther) {
      // Not saved means that another replica went on in the meantime, which is as good.
      await this.#save(
        sessionId,
        { form: checkpointForm, rules: caughtUp.rules, folded: settled },
        kept?.revision ?? 0,
      );
    }
    return caughtUp;
  }

  /** Moves on the checkpoints that are due. */
  advance(): Promise<void> {
    this.#advancing ??= this.#advance().finally(() => (this.#advancing = null));
    return this.#advancing;
  }

  forget(sessionId: string): void {
    this.#unfolded.delete(sessionId);
  }

  async clear(sessionId: string): Promise<void> {
    this.forget(sessionId);
    await this.#options.checkpoints.clear(sessionId);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#unfolded.clear();
    await this.#advancing;
    await this.#options.checkpoints.close();
  }

  async #advance(): Promise<void> {
    const { now } = this.#options;
    const due: string[] = [];
    for (const [sessionId, { frames, sinceMs }] of this.#unfolded) {
      if (frames >= dueFrames || now() - sinceMs >= dueMs) due.push(sessionId);
    }
    for (let from = 0; from < due.length; from += atOnce) {
      await Promise.all(due.slice(from, from + atOnce).map((sessionId) => this.#advanceOne(sessionId)));
    }
  }

  async #advanceOne(sessionId: string): Promise<void> {
    this.#unfolded.delete(sessionId);
    try {
      await this.#checkpoint(sessionId);
    } catch (error) {
      // Nothing is lost: the frames are stored, and the next checkpoint takes them too.
      this.#options.log.warn({ event: 'analysis.checkpoint_failed', session_id: sessionId, error });
    }
  }

  async #checkpoint(sessionId: string): Promise<void> {
    const { frames, checkpoints, rulesOf } = this.#options;
    const kept = await checkpoints.load(sessionId);
    // Rules that were changed meanwhile are found by the next analysis; until then it goes on with those it has.
    const known = kept?.checkpoint.rules ?? (await rulesOf(sessionId));
    const { settled, stream, rules } = await catchUp(frames, sessionId, kept?.checkpoint ?? null, known);
    // A session that was cleared in the meantime leaves nothing behind.
    if (stream.frames === 0 || settled.last === null) return;
    await this.#save(sessionId, { form: checkpointForm, rules, folded: settled }, kept?.revision ?? 0);
  }

  /** A session may be cleared while it is folded: its frames first, then its checkpoint. What is saved after that goes again. */
  async #save(sessionId: string, checkpoint: Checkpoint, revision: number): Promise<void> {
    const { frames, checkpoints } = this.#options;
    const isSaved = await checkpoints.save(sessionId, checkpoint, revision);
    if (isSaved && (await frames.stateOf(sessionId)).frames === 0) await checkpoints.clear(sessionId);
  }
}
