import { proxy, transfer } from 'comlink';
import type { Remote } from 'comlink';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import { defaultPerceptionOptions } from '../perception/options.ts';
import type { PerceptionOptions } from '../perception/options.ts';
import { asPerceptionError, PerceptionError } from './perception-error.ts';
import type { PerceptionWorkerApi } from './perception-worker.ts';
import type {
  CapabilityListener,
  EngineFacts,
  LoadProgress,
  Perception,
  PerceptionEvents,
  PerceptionGap,
} from './perception.ts';
import { restartDelayMs } from './restart-policy.ts';
import { Watchdog } from './watchdog.ts';
import { defaultWatchdogLimits } from './watchdog-limits.ts';
import type { WatchdogLimits } from './watchdog-limits.ts';
import { startWorker, stopWorker } from './running-worker.ts';
import type { RunningWorker } from './running-worker.ts';
import { StuckReadings } from './stuck-readings.ts';

/** In a row: after a trap in wasm or with a lost graphics context, every later reading fails as well. */
const mostFailures = 10;
/** Number of readings with the longer limit. */
const firstReads = 5;

export interface PerceptionDependencies {
  createWorker(): Worker;
  /** A clock that never goes back, milliseconds. */
  nowMs(): number;
  /** A timer that a hidden page does not slow down, if available. @returns a function that cancels it. */
  after: (delayMs: number, run: () => void) => () => void;
  limits: WatchdogLimits;
}

const defaultDependencies: PerceptionDependencies = {
  createWorker: () => new Worker(new URL('./perception-worker.ts', import.meta.url), { type: 'module' }),
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  limits: defaultWatchdogLimits,
};

type State =
  | { name: 'new' }
  | { name: 'loading'; running: RunningWorker }
  | { name: 'ready'; running: RunningWorker }
  | {
      name: 'restarting';
      lost: Omit<PerceptionGap, 'toMs'>;
      cancelRestart: (() => void) | null;
      running: RunningWorker | null;
    }
  | { name: 'failed'; error: PerceptionError }
  | { name: 'closed' };

/**
 * The page's side of the perception worker: one call at a time, a watchdog, and a new worker in place of a lost one.
 */
export const createPerception = (
  options: Partial<PerceptionOptions> = {},
  dependencies: Partial<PerceptionDependencies> = {},
): PerceptionClient =>
  new PerceptionClient({ ...defaultPerceptionOptions, ...options }, { ...defaultDependencies, ...dependencies });

export class PerceptionClient implements Perception {
  #options: PerceptionOptions;
  readonly #deps: PerceptionDependencies;
  readonly #listeners: { [E in keyof PerceptionEvents]: Set<(detail: PerceptionEvents[E]) => void> } = {
    gap: new Set(),
    restarted: new Set(),
    capability: new Set(),
    error: new Set(),
  };
  #state: State = { name: 'new' };
  #busy = false;
  readonly #stuck = new StuckReadings();
  readonly #watchdog: Watchdog;
  /** Failed readings in a row. */
  #failures = 0;
  /** Consecutive restarts without a successful reading. */
  #attempt = 0;

  constructor(options: PerceptionOptions, dependencies: PerceptionDependencies) {
    // Addresses are relative to the page; a worker has a base address of its own, or none.
    this.#options = { ...options, modelsUrl: new URL(options.modelsUrl, document.baseURI).href };
    this.#deps = dependencies;
    this.#watchdog = new Watchdog(dependencies.after);
  }

  async load(onProgress: (progress: LoadProgress) => void): Promise<EngineFacts> {
    if (this.#state.name === 'closed') throw closed();
    if (this.#state.name !== 'new' && this.#state.name !== 'failed') {
      throw new PerceptionError('busy', 'The models have already been requested.');
    }
    const running = this.#start();
    this.#state = { name: 'loading', running };
    try {
      const facts = await this.#loadInto(running, onProgress);
      if (this.#isClosed()) throw closed();
      this.#state = { name: 'ready', running };
      return facts;
    } catch (cause) {
      const error = asPerceptionError(cause, 'model_unavailable', 'The models could not be loaded');
      stopWorker(running, error);
      if (!this.#isClosed()) this.#state = { name: 'failed', error };
      throw error;
    }
  }

  read(image: ImageBitmap | VideoFrame, atMs: number): Promise<FeatureReadings> {
    return this.#call(image, (remote) => remote.read(transfer(image, [image]), atMs));
  }

  /**
   * Reads a single image with every detector, independent of other images. For checks before a session and for
   * measurements.
   */
  readStill(image: ImageBitmap | VideoFrame): Promise<FeatureReadings> {
    return this.#call(image, (remote) => remote.readStill(transfer(image, [image])));
  }

  readGazeOnly(gazeOnly: boolean): Promise<void> {
    return this.#send((remote) => remote.readGazeOnly(gazeOnly));
  }

  setBudget(budget: number): Promise<void> {
    this.#options = { ...this.#options, budget };
    return this.#send((remote) => remote.setBudget(budget));
  }

  async #send(call: (remote: Remote<PerceptionWorkerApi>) => Promise<void>): Promise<void> {
    if (this.#state.name !== 'ready') return;
    const { running } = this.#state;
    await Promise.race([call(running.remote), running.lost]).catch(() => {
      // The worker was lost in the meantime; its replacement starts with the current options.
    });
  }

  /** The current state of the worker's backend. */
  async memory(): Promise<{ tensors: number; bytes: number }> {
    if (this.#state.name !== 'ready') throw this.#refusal();
    return Promise.race([this.#state.running.remote.memory(), this.#state.running.lost]);
  }

  on<E extends keyof PerceptionEvents>(event: E, listener: (detail: PerceptionEvents[E]) => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  close(): void {
    if (this.#state.name === 'closed') return;
    const state = this.#state;
    this.#state = { name: 'closed' };
    this.#watchdog.close();
    if ('running' in state && state.running !== null) stopWorker(state.running, closed());
    if (state.name === 'restarting') state.cancelRestart?.();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  async #call(
    image: ImageBitmap | VideoFrame,
    ask: (remote: Remote<PerceptionWorkerApi>) => Promise<FeatureReadings>,
  ): Promise<FeatureReadings> {
    if (this.#state.name !== 'ready' || this.#busy) {
      image.close();
      throw this.#refusal();
    }
    const { running } = this.#state;
    const limitMs = running.reads < firstReads ? this.#deps.limits.firstReadsMs : this.#deps.limits.readMs;
    this.#watchdog.start(limitMs, () => this.#lose(running, 'worker_hung', `No reading within ${limitMs} ms.`));
    this.#busy = true;
    try {
      const readings = await Promise.race([ask(running.remote), running.lost]);
      running.reads += 1;
      this.#attempt = 0;
      this.#failures = 0;
      if (this.#stuck.update(readings))
        this.#lose(running, 'worker_hung', 'The readings do not change although the image does.');
      return readings;
    } catch (cause) {
      const error = asPerceptionError(cause, 'reading_failed', 'This image could not be read');
      if (!(cause instanceof PerceptionError)) this.#readingFailed(running, error);
      throw error;
    } finally {
      this.#watchdog.stop();
      this.#busy = false;
    }
  }

  #readingFailed(running: RunningWorker, error: PerceptionError): void {
    this.#failures += 1;
    this.#emit('error', { error, fatal: false });
    if (this.#failures >= mostFailures) this.#lose(running, 'worker_crashed', error);
  }

  #refusal(): PerceptionError {
    switch (this.#state.name) {
      case 'ready':
        return new PerceptionError('busy', 'A reading is in progress.');
      case 'restarting':
        return new PerceptionError(this.#state.lost.reason, 'The worker is being restarted.');
      case 'failed':
        return this.#state.error;
      case 'closed':
        return closed();
      default:
        return new PerceptionError('not_loaded', 'The models are not loaded.');
    }
  }

  #start(): RunningWorker {
    this.#stuck.reset();
    this.#failures = 0;
    return startWorker(this.#deps.createWorker(), (running, message) => this.#lose(running, 'worker_crashed', message));
  }

  async #loadInto(running: RunningWorker, onProgress: (progress: LoadProgress) => void): Promise<EngineFacts> {
    const limitMs = this.#deps.limits.loadSilenceMs;
    const wait = (): void =>
      this.#watchdog.start(limitMs, () => this.#lose(running, 'worker_hung', `No progress within ${limitMs} ms.`));
    wait();
    const report = proxy((progress: LoadProgress) => {
      wait();
      onProgress(progress);
    });
    try {
      const tell = proxy<CapabilityListener>((detector, capability) =>
        this.#emit('capability', { detector, capability }),
      );
      return await Promise.race([running.remote.load(this.#options, report, tell), running.lost]);
    } finally {
      this.#watchdog.stop();
    }
  }

  #lose(running: RunningWorker, reason: PerceptionGap['reason'], why: string | PerceptionError): void {
    const state = this.#state;
    if (!('running' in state) || state.running !== running) return;
    const error = why instanceof PerceptionError ? why : new PerceptionError(reason, why);
    stopWorker(running, error);
    // While loading for the first time, the caller of load() decides.
    if (state.name === 'loading') return;
    const lost = state.name === 'restarting' ? state.lost : { reason, fromMs: this.#deps.nowMs() };
    this.#restartLater(lost, error);
  }

  #restartLater(lost: Omit<PerceptionGap, 'toMs'>, cause: PerceptionError): void {
    this.#attempt += 1;
    const delayMs = restartDelayMs(this.#attempt);
    if (delayMs === null) {
      const error = new PerceptionError(cause.reason, `The worker was lost ${this.#attempt} times in a row.`, {
        cause,
      });
      this.#state = { name: 'failed', error };
      this.#emit('error', { error, fatal: true });
      return;
    }
    const cancelRestart = this.#deps.after(delayMs, () => void this.#restart(lost));
    this.#state = { name: 'restarting', lost, cancelRestart, running: null };
  }

  async #restart(lost: Omit<PerceptionGap, 'toMs'>): Promise<void> {
    const running = this.#start();
    this.#state = { name: 'restarting', lost, cancelRestart: null, running };
    const { budget } = this.#options;
    let facts: EngineFacts;
    try {
      facts = await this.#loadInto(running, () => {});
    } catch (cause) {
      const error = asPerceptionError(cause, 'model_unavailable', 'The models could not be loaded again');
      this.#lose(running, lost.reason, error);
      return;
    }
    if (this.#isClosed()) return;
    this.#state = { name: 'ready', running };
    // The worker was loaded with the earlier budget.
    if (this.#options.budget !== budget) void this.setBudget(this.#options.budget);
    this.#emit('gap', { ...lost, toMs: this.#deps.nowMs() });
    this.#emit('restarted', { attempt: this.#attempt });
    // A detector that failed in the lost worker may work in this one.
    for (const detector of ['phone', 'hands'] as const) {
      this.#emit('capability', { detector, capability: facts.capabilities[detector] });
    }
  }

  #isClosed(): boolean {
    return this.#state.name === 'closed';
  }

  #emit<E extends keyof PerceptionEvents>(event: E, detail: PerceptionEvents[E]): void {
    for (const listener of this.#listeners[event]) listener(detail);
  }
}

const closed = (): PerceptionError => new PerceptionError('closed', 'Perception was closed.');
