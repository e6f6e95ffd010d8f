import type { LiveFrameCoverage } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { coverageUntil } from '@invigil/protocol/report';
import type { SessionState } from '@invigil/protocol/report';
import type { Logger } from 'pino';
import type { ArrivalPosition, FrameStore, StreamState } from '../frames/frame-store.ts';
import { isSameRules } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import type { AnalysisState } from './analysis-state.ts';
import { catchUp } from './catch-up.ts';
import type { Analysis, CaughtUp } from './catch-up.ts';
import { CheckpointSchedule, isFarAhead } from './checkpoint-schedule.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { Checkpoint, CheckpointStore } from './checkpoint-store.ts';
import { LiveAnalysis } from './live-analysis.ts';
import type { ObservationEvent } from './live-analysis.ts';
import type { LoadedAnalysis } from './live-session.ts';

export interface RunningAnalysisOptions {
  frames: FrameStore;
  checkpoints: CheckpointStore;
  /** The rules that apply to the session at present. */
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  /** When the session started, server clock. */
  startedMsOf: (sessionId: string) => Promise<number>;
  /** A checkpoint was saved; `stream` is the frame store's state at that time, `coverage` null for rules before version 3. */
  onCheckpoint?: (sessionId: string, stream: StreamState, coverage: LiveFrameCoverage | null) => Promise<void>;
  log: Logger;
  now: () => number;
}

type SessionEvidence = NonNullable<SessionState['evidence']>;

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

const coverageAt = ({ coverage }: SessionEvidence, nowMs: number): LiveFrameCoverage => {
  const { liveMs, lateMs, fromMs, lastMs } = coverageUntil(coverage, nowMs, true);
  const missingMs = Math.max(0, lastMs - fromMs - liveMs - lateMs);
  return { live_s: seconds(liveMs), late_s: seconds(lateMs), not_observed_s: seconds(missingMs) };
};

const checkScheduleMs = 250;
/** Checkpoints saved concurrently. */
const concurrentCheckpoints = 4;

/**
 * Analyses each running session once: every stored frame advances one state, which emits observations, is saved as a checkpoint and
 * becomes the report. If this replica does not hold the whole state (another one stored frames, or frames arrived late), the analysis
 * continues from the checkpoint with the frames of the store, so its cost does not grow with the session.
 */
export class RunningAnalysis {
  readonly #options: RunningAnalysisOptions;
  readonly #live: LiveAnalysis;
  readonly #schedule: CheckpointSchedule;
  readonly #timer: NodeJS.Timeout;
  #advancing: Promise<void> | null = null;

  constructor(options: RunningAnalysisOptions) {
    this.#options = options;
    const { log, now } = options;
    this.#live = new LiveAnalysis({ load: (sessionId) => this.#load(sessionId), log, now });
    this.#schedule = new CheckpointSchedule(now);
    this.#timer = setInterval(() => void this.advance(), checkScheduleMs).unref();
  }

  /** Calls the listener when an observation opens or closes in a session whose frames are stored here. */
  onObservation(listener: (event: ObservationEvent) => void): void {
    this.#live.onObservation(listener);
  }

  /** Advances the session's analysis. Resolves when it includes the frames, or is being loaded. @param frames newly stored frames, exactly as the store holds them */
  stored(sessionId: string, frames: readonly StoredFrame[], position: ArrivalPosition): Promise<void> {
    this.#schedule.stored(sessionId, frames.length);
    return this.#live.stored(sessionId, { frames: [...frames], position });
  }

  /** The analysis of all frames stored so far. */
  async analyze(sessionId: string, rules: AnalysisRules): Promise<Analysis> {
    const live = await this.#complete(sessionId);
    if (live !== null && isSameRules(live.rules, rules)) return live;
    return (await this.#fromStores(sessionId, rules)).analysis;
  }

  /** How the session was observed so far, if this replica analyses it; null for rules before version 3. */
  coverageOf(sessionId: string): LiveFrameCoverage | null {
    const evidence = this.#live.evidenceOf(sessionId);
    return evidence === null ? null : coverageAt(evidence, this.#options.now());
  }

  /** Resolves when no load is in progress: all observations of the frames stored here so far have been emitted. */
  loaded(sessionId: string): Promise<void> {
    return this.#live.loaded(sessionId);
  }

  /** Saves the checkpoints that are due. */
  advance(): Promise<void> {
    this.#advancing ??= this.#advance().finally(() => (this.#advancing = null));
    return this.#advancing;
  }

  /** Drops the analysis in memory, because another replica may have stored frames. The next frame loads it again. */
  invalidate(sessionId: string): void {
    this.#live.forget(sessionId);
  }

  /** The session has ended. */
  forget(sessionId: string): void {
    this.#schedule.forget(sessionId);
    this.#live.forget(sessionId);
  }

  async clear(sessionId: string): Promise<void> {
    this.forget(sessionId);
    await this.#options.checkpoints.clear(sessionId);
  }

  /** Frames waiting for their session's analysis to be loaded. */
  pendingFrames(): { size: number; capacity: number } {
    return this.#live.pending();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#schedule.clear();
    await this.#advancing;
    await this.#options.checkpoints.close();
  }

  async #advance(): Promise<void> {
    const due = this.#schedule.takeDue();
    for (let from = 0; from < due.length; from += concurrentCheckpoints) {
      const batch = due.slice(from, from + concurrentCheckpoints);
      await Promise.all(batch.map((sessionId) => this.#advanceOne(sessionId)));
    }
  }

  async #advanceOne(sessionId: string): Promise<void> {
    try {
      await this.#live.loaded(sessionId);
      await this.#checkpoint(sessionId);
    } catch (error) {
      // Nothing is lost: the frames are stored, and the next checkpoint includes them.
      this.#options.log.warn({ event: 'analysis.checkpoint_failed', session_id: sessionId, error });
    }
  }

  async #checkpoint(sessionId: string): Promise<void> {
    const { checkpoints, rulesOf } = this.#options;
    const live = await this.#complete(sessionId);
    // Without gaps, no later frame can precede the last one, unless the client's clock was set back.
    if (live !== null && (live.folded.arrived !== undefined || live.stream.upToSeq === live.stream.highestSeq)) {
      if (await this.#save(sessionId, live.rules, live.folded, live.revision)) return;
    }
    const kept = await checkpoints.load(sessionId);
    // The next analysis picks up changed rules; until then the checkpoint's rules apply.
    const known = kept?.checkpoint.rules ?? (await rulesOf(sessionId));
    const { settled, stream, rules } = await this.#catchUp(sessionId, kept?.checkpoint ?? null, known);
    // The session was cleared in the meantime: save nothing.
    if (stream.frames === 0 || settled.last === null) return;
    await this.#save(sessionId, rules, settled, kept?.revision ?? 0);
  }

  /** The analysis in memory, if it covers every stored frame. */
  async #complete(sessionId: string): Promise<(Analysis & { revision: number }) | null> {
    await this.#live.loaded(sessionId);
    const before = this.#live.find(sessionId);
    if (before === null) return null;
    const framesBefore = before.folded.state.frames;
    const stream = await this.#options.frames.stateOf(sessionId);
    const live = this.#live.find(sessionId);
    // More frames in memory than in the store: the session was cleared and restarted. Fewer: another replica stored
    // some. A frame added here after the count can mask one of another replica, until the next count; not after the end, when the store is
    // sealed.
    if (live === null || framesBefore > stream.frames || live.folded.state.frames < stream.frames) return null;
    return { stream, rules: live.rules, folded: live.folded, revision: live.revision };
  }

  async #fromStores(sessionId: string, rules: AnalysisRules): Promise<{ analysis: Analysis; revision: number }> {
    const { checkpoints } = this.#options;
    const kept = await checkpoints.load(sessionId);
    const { settled, ...analysis } = await this.#catchUp(sessionId, kept?.checkpoint ?? null, rules);
    const revision = kept?.revision ?? 0;
    const hasOtherRules = kept !== null && !isSameRules(kept.checkpoint.rules, analysis.rules);
    if (!hasOtherRules && !isFarAhead(settled.state.frames, kept?.checkpoint.folded.state.frames ?? 0)) {
      return { analysis, revision };
    }
    // If the save lost the race, another replica saved a newer checkpoint, which is just as good.
    const isSaved = await this.#save(sessionId, analysis.rules, settled, revision).catch((error: unknown) => {
      // A checkpoint only saves reading the frames again: Redis without free memory must not keep a session from ending.
      this.#options.log.warn({ event: 'analysis.checkpoint_failed', session_id: sessionId, error });
      return false;
    });
    return { analysis, revision: isSaved ? revision + 1 : revision };
  }

  async #catchUp(sessionId: string, checkpoint: Checkpoint | null, rules: AnalysisRules): Promise<CaughtUp> {
    const { frames, startedMsOf } = this.#options;
    return catchUp(frames, sessionId, checkpoint, rules, await startedMsOf(sessionId));
  }

  async #load(sessionId: string): Promise<LoadedAnalysis> {
    const { analysis, revision } = await this.#fromStores(sessionId, await this.#options.rulesOf(sessionId));
    return { folded: analysis.folded, rules: analysis.rules, revision };
  }

  /**
   * A session may be cleared during its analysis: its frames first, then its checkpoint. A checkpoint saved after that is removed again.
   */
  async #save(sessionId: string, rules: AnalysisRules, folded: AnalysisState, revision: number): Promise<boolean> {
    const { frames, checkpoints, now } = this.#options;
    const isSaved = await checkpoints.save(sessionId, { form: checkpointForm, rules, folded }, revision);
    if (!isSaved) return false;
    this.#live.checkpointed(sessionId, { rules, revision: revision + 1 });
    const { evidence } = folded.state;
    const coverage = evidence === undefined ? null : coverageAt(evidence, now());
    const stream = await frames.stateOf(sessionId);
    if (stream.frames === 0) await checkpoints.clear(sessionId);
    else await this.#options.onCheckpoint?.(sessionId, stream, coverage);
    return true;
  }
}
