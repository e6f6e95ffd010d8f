/** Detectors that need not run on every frame. Faces do: their rate is the frame rate. */
export type PacedDetector = 'irises' | 'phone' | 'hands';

interface Pace {
  /** How often it runs when the budget allows, and the longest that it is put off. */
  wantedIntervalMs: number;
  longestIntervalMs: number;
}

const PACES: Record<PacedDetector, Pace> = {
  irises: { wantedIntervalMs: 380, longestIntervalMs: 1200 },
  phone: { wantedIntervalMs: 780, longestIntervalMs: 980 },
  hands: { wantedIntervalMs: 2000, longestIntervalMs: 5000 },
};

const DETECTORS = ['phone', 'irises', 'hands'] as const;
/** Something new in the picture is looked at before its turn, but not sooner than this after the last look. */
const SOONEST_PHONE_MS = 330;
/** Weight of the newest cost in the running mean. */
const NEWEST = 0.2;

/** Spreads the detectors over the frames so that their measured cost stays in the budget. */
export class DetectorPacer {
  readonly #budget: number;
  #lastRunMs: Partial<Record<PacedDetector, number>> = {};
  #costMs: Partial<Record<PacedDetector, number>> = {};
  #frame: { lastMs: number; intervalMs: number; costMs: number } | null = null;

  /** @param budget share of one core. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** At most one of the two dear ones (phone, hands) at a time, so that no frame takes the time of both. */
  due(atMs: number, sceneChanged = false): Set<PacedDetector> {
    const stretch = this.#stretch();
    const due = new Set<PacedDetector>();
    for (const detector of DETECTORS) {
      const { wantedIntervalMs, longestIntervalMs } = PACES[detector];
      const paced = Math.min(longestIntervalMs, wantedIntervalMs * stretch);
      const interval = detector === 'phone' && sceneChanged ? Math.min(SOONEST_PHONE_MS, paced) : paced;
      const last = this.#lastRunMs[detector];
      if (last !== undefined && atMs - last < interval) continue;
      if (detector === 'hands' && due.has('phone')) continue;
      due.add(detector);
    }
    return due;
  }

  ran(detector: PacedDetector, atMs: number, costMs: number): void {
    this.#lastRunMs[detector] = atMs;
    this.#costMs[detector] = mixed(this.#costMs[detector], costMs);
  }

  /**
   * @param costMs of the pixels, their quality and the faces. With irises, what goes beyond the cost of a frame without
   * them is theirs.
   */
  frameRead(atMs: number, costMs: number, withIrises = false): void {
    const frame = this.#frame;
    if (withIrises) this.ran('irises', atMs, Math.max(0, costMs - (frame?.costMs ?? costMs / 2)));
    this.#frame = {
      lastMs: atMs,
      intervalMs: frame === null ? 200 : mixed(frame.intervalMs, Math.min(5000, Math.max(1, atMs - frame.lastMs))),
      costMs: withIrises ? (frame?.costMs ?? costMs / 2) : mixed(frame?.costMs, costMs),
    };
  }

  /** How soon a detector's result is too old to be held. */
  freshForMs(detector: PacedDetector): number {
    return PACES[detector].longestIntervalMs * 1.8;
  }

  /** Share of one core at the present rates. */
  load(): number {
    return this.#frameLoad() + this.#detectorLoad(this.#stretch());
  }

  /** Runs a second, as paced now. */
  rateHz(detector: PacedDetector): number {
    const { wantedIntervalMs, longestIntervalMs } = PACES[detector];
    return 1000 / Math.min(longestIntervalMs, wantedIntervalMs * this.#stretch());
  }

  #frameLoad(): number {
    return this.#frame === null ? 0 : this.#frame.costMs / this.#frame.intervalMs;
  }

  #detectorLoad(stretch: number): number {
    return DETECTORS.reduce((sum, detector) => {
      const { wantedIntervalMs, longestIntervalMs } = PACES[detector];
      return sum + (this.#costMs[detector] ?? 0) / Math.min(longestIntervalMs, wantedIntervalMs * stretch);
    }, 0);
  }

  /** By how much the wanted intervals are lengthened. */
  #stretch(): number {
    const left = Math.max(0.02, this.#budget - this.#frameLoad());
    return Math.max(1, this.#detectorLoad(1) / left);
  }
}

function mixed(old: number | undefined, newest: number): number {
  return old === undefined ? newest : old + NEWEST * (newest - old);
}
