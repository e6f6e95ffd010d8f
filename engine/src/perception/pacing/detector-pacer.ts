/**
 * Detectors that need not run on every frame. The face detector does: its rate is the frame rate, which is lowered
 * last.
 */
export type PacedDetector = 'irises' | 'phone' | 'hands';

/** What a run found: an object, candidates that the close-up model rejected, or nothing at all. */
export type RunOutcome = 'found' | 'candidates' | 'nothing';

interface Pace {
  /** How often it runs if the budget allows, and its longest interval. */
  wantedIntervalMs: number;
  longestIntervalMs: number;
  /** Factor by which that interval may be exceeded if the device is still too slow. */
  maxBackoff: number;
}

const paces: Record<PacedDetector, Pace> = {
  // Every frame: with the mesh in two parts, irises cost a millisecond more than a mesh without them.
  irises: { wantedIntervalMs: 150, longestIntervalMs: 1200, maxBackoff: 3 },
  phone: { wantedIntervalMs: 780, longestIntervalMs: 980, maxBackoff: 1.5 },
  hands: { wantedIntervalMs: 2000, longestIntervalMs: 5000, maxBackoff: 3 },
};

const detectors = ['phone', 'irises', 'hands'] as const;
/** Factor on the interval after a search without detections, while the scene does not change. */
const idleFactor: Record<PacedDetector, number> = { irises: 1, phone: 2, hands: 2 };
/** A scene change triggers a search early, but not sooner than this after the last one. */
const soonestPhoneMs = 330;
/** The face rate is lowered by at most this factor, because two rules bridge gaps of no more than a second. */
const maxFaceBackoff = 2;
/**
 * Intervals are lengthened only above this many budgets: missing a one-second condition would cost more than a few
 * percent of a core.
 */
const tolerated = 1.6;
const backoffSteps = [1, 1.25, 1.5, 2, 3] as const;
/**
 * Number of recent runs whose cheapest counts as the detector's cost: other programs make runs more expensive, never
 * cheaper.
 */
const leastOf = 12;
/**
 * A result is kept for this many of the longest intervals, since an early search can postpone the next one by up to one
 * interval.
 */
const freshIntervals = 2;
/** Weight of the newest cost in the moving average. */
const newestWeight = 0.2;

/** Schedules the detectors over the frames so that their measured cost stays within the budget. */
export class DetectorPacer {
  #budget: number;
  readonly #wantedFaceHz: number;
  #lastRunMs: Partial<Record<PacedDetector, number>> = {};
  #lastOutcome: Partial<Record<PacedDetector, RunOutcome>> = {};
  /** By how much the last phone search with a result came before its planned time; the next one without a result waits longer. */
  #phoneAheadMs = 0;
  #costMs: Partial<Record<PacedDetector, number>> = {};
  #recentMs: Record<PacedDetector | 'face', number[]> = { face: [], irises: [], phone: [], hands: [] };
  #frame: { lastMs: number; intervalMs: number; costMs: number } | null = null;

  /** @param budget share of one core. @param wantedFaceHz frames a second if the budget allows. */
  constructor(budget: number, wantedFaceHz = 5) {
    this.#budget = budget;
    this.#wantedFaceHz = wantedFaceHz;
  }

  get budget(): number {
    return this.#budget;
  }

  setBudget(budget: number): void {
    this.#budget = budget;
  }

  /** At most one of the two expensive ones (phone, hands) at a time, so that no frame takes the time of both. */
  due(atMs: number, sceneChanged = false): Set<PacedDetector> {
    const due = new Set<PacedDetector>();
    const [slowdown, backoff] = [this.#slowdown(), this.#backoff()];
    for (const detector of detectors) {
      const activeMs = intervalMs(detector, slowdown, backoff);
      const idleMs = this.#intervalMs(detector, slowdown, backoff);
      // A phone that was found is followed at the full rate; the scene's changes say nothing more about it.
      const mayBeEarly = detector === 'phone' && this.#lastOutcome.phone !== 'found';
      const interval = !sceneChanged ? idleMs : mayBeEarly ? Math.min(soonestPhoneMs, activeMs) : activeMs;
      const last = this.#lastRunMs[detector];
      if (last !== undefined && atMs - last < interval) continue;
      if (detector === 'hands' && due.has('phone')) continue;
      due.add(detector);
    }
    return due;
  }

  ran(detector: PacedDetector, atMs: number, costMs: number, outcome: RunOutcome = 'found'): void {
    this.#lastRunMs[detector] = detector === 'phone' ? this.#phoneCountedFromMs(atMs, outcome) : atMs;
    this.#lastOutcome[detector] = outcome;
    this.#costMs[detector] = movingAverage(this.#costMs[detector], costMs);
    this.#note(detector, costMs);
  }

  /**
   * @param costMs of reading pixels, quality and faces. With irises, the excess over a frame without them counts as
   * their cost.
   */
  frameRead(atMs: number, costMs: number, withIrises = false): void {
    const frame = this.#frame;
    if (!withIrises) this.#note('face', costMs);
    if (withIrises) this.ran('irises', atMs, Math.max(0, costMs - (frame?.costMs ?? costMs / 2)));
    this.#frame = {
      lastMs: atMs,
      intervalMs:
        frame === null ? 200 : movingAverage(frame.intervalMs, Math.min(5000, Math.max(1, atMs - frame.lastMs))),
      costMs: withIrises ? (frame?.costMs ?? costMs / 2) : movingAverage(frame?.costMs, costMs),
    };
  }

  /** The age at which a detector's result expires. */
  freshForMs(detector: PacedDetector): number {
    return this.#intervalMs(detector, Infinity, this.#backoff()) * freshIntervals;
  }

  /** Share of one core at the current rates. */
  load(): number {
    return this.#frameLoad() + this.#detectorLoad(this.#slowdown(), this.#backoff());
  }

  /** Runs a second, as paced now. */
  rateHz(detector: PacedDetector): number {
    return 1000 / this.#intervalMs(detector, this.#slowdown(), this.#backoff());
  }

  /** Frames a second within the budget, at most as many as wanted. */
  faceHz(): number {
    return this.#wantedFaceHz / Math.min(maxFaceBackoff, this.#backoff());
  }

  #intervalMs(detector: PacedDetector, slowdown: number, backoff: number): number {
    const isIdle = this.#lastOutcome[detector] === 'nothing';
    return intervalMs(detector, slowdown, backoff) * (isIdle ? idleFactor[detector] : 1);
  }

  /**
   * An early search without a phone replaces the planned one, so that a changing scene costs no more than a still one.
   * One that finds a phone is followed up at the full rate, and the time it was early is made up for when the phone
   * is lost. No search is postponed by more than one interval, which `freshIntervals` allows for.
   */
  #phoneCountedFromMs(atMs: number, outcome: RunOutcome): number {
    const last = this.#lastRunMs.phone;
    const intervalMs = (): number => this.#intervalMs('phone', this.#slowdown(), this.#backoff());
    const aheadMs = last === undefined ? 0 : Math.max(0, last + intervalMs() - atMs);
    this.#lastOutcome.phone = outcome;
    if (outcome === 'found') {
      this.#phoneAheadMs = Math.min(intervalMs(), this.#phoneAheadMs + aheadMs);
      return atMs;
    }
    const owedMs = this.#phoneAheadMs;
    this.#phoneAheadMs = 0;
    return atMs + Math.min(intervalMs(), aheadMs + owedMs);
  }

  #note(work: PacedDetector | 'face', costMs: number): void {
    this.#recentMs[work] = [...this.#recentMs[work], costMs].slice(-leastOf);
  }

  #leastMs(work: PacedDetector | 'face'): number {
    const recent = this.#recentMs[work];
    return recent.length === 0 ? 0 : Math.min(...recent);
  }

  #frameLoad(): number {
    return this.#frame === null ? 0 : this.#frame.costMs / this.#frame.intervalMs;
  }

  #detectorLoad(slowdown: number, backoff: number): number {
    return detectors.reduce(
      (sum, detector) => sum + (this.#costMs[detector] ?? 0) / this.#intervalMs(detector, slowdown, backoff),
      0,
    );
  }

  /** Factor by which the wanted intervals are lengthened. */
  #slowdown(): number {
    const left = Math.max(0.02, this.#budget - this.#frameLoad());
    return Math.max(1, this.#detectorLoad(1, 1) / left);
  }

  /**
   * Factor by which even the longest intervals are exceeded. Based on the wanted frame rate, not the current one, so
   * that a lowered rate does not look like spare capacity.
   */
  #backoff(): number {
    const limit = this.#budget * tolerated;
    const faceLoad = (this.#leastMs('face') * this.#wantedFaceHz) / 1000;
    const loadAt = (backoff: number): number =>
      detectors.reduce(
        (sum, detector) => sum + this.#leastMs(detector) / intervalMs(detector, Infinity, backoff),
        faceLoad / Math.min(maxFaceBackoff, backoff),
      );
    return backoffSteps.find((backoff) => loadAt(backoff) <= limit) ?? 3;
  }
}

const intervalMs = (detector: PacedDetector, slowdown: number, backoff: number): number => {
  const { wantedIntervalMs, longestIntervalMs, maxBackoff } = paces[detector];
  return Math.min(longestIntervalMs, wantedIntervalMs * slowdown) * Math.min(maxBackoff, backoff);
};

const movingAverage = (old: number | undefined, newest: number): number =>
  old === undefined ? newest : old + newestWeight * (newest - old);
