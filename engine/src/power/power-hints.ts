/** Why the engine uses less than its budget. */
export type PowerHint = 'battery' | 'pressure';

export interface PowerLimit {
  /** Share of the budget that is used, 0–1. */
  factor: number;
  hint: PowerHint | null;
}

interface Battery extends EventTarget {
  charging: boolean;
  /** 0–1. */
  level: number;
}

type PressureState = 'nominal' | 'fair' | 'serious' | 'critical';

interface PressureObserverLike {
  observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>;
  disconnect(): void;
}

/** The browser APIs that are used; each may be missing. */
export interface PowerSources {
  getBattery?: () => Promise<Battery>;
  PressureObserver?: new (onChange: (records: readonly { state: PressureState }[]) => void) => PressureObserverLike;
}

const lowBattery = 0.2;
const nearlyEmpty = 0.1;
const sampleIntervalMs = 5000;
/** A short peak is not overheating: this many samples in a row are needed, and the lowest of them counts. */
const samples = 3;

const factorByPressure: Record<PressureState, number> = { nominal: 1, fair: 1, serious: 0.8, critical: 0.6 };

const unlimited: PowerLimit = { factor: 1, hint: null };

const batteryLimit = ({ charging, level }: Battery): PowerLimit => {
  if (charging || level > lowBattery) return unlimited;
  return { factor: level > nearlyEmpty ? 0.7 : 0.5, hint: 'battery' };
};

const pressureLimit = (states: readonly PressureState[]): PowerLimit => {
  if (states.length < samples) return unlimited;
  const factor = Math.max(...states.map((state) => factorByPressure[state]));
  return factor === 1 ? unlimited : { factor, hint: 'pressure' };
};

const browserSources = (): PowerSources => {
  const { PressureObserver } = globalThis as PowerSources;
  const { getBattery } = navigator as PowerSources;
  return {
    ...(PressureObserver === undefined ? {} : { PressureObserver }),
    ...(getBattery === undefined ? {} : { getBattery: () => getBattery.call(navigator) }),
  };
};

/** Watches the device's battery, and its processor's heat and load, if the browser reports them. */
export class PowerHints {
  readonly #onLimit: (limit: PowerLimit) => void;
  readonly #closed = new AbortController();
  #battery = unlimited;
  #pressure = unlimited;
  #limit = unlimited;
  #observer: PressureObserverLike | null = null;
  #states: PressureState[] = [];

  /** @param onLimit called on each change. */
  constructor(onLimit: (limit: PowerLimit) => void, sources: PowerSources = browserSources()) {
    this.#onLimit = onLimit;
    void this.#watchBattery(sources);
    void this.#watchPressure(sources);
  }

  get limit(): PowerLimit {
    return this.#limit;
  }

  close(): void {
    this.#closed.abort();
    this.#observer?.disconnect();
  }

  async #watchBattery({ getBattery }: PowerSources): Promise<void> {
    // Not available in frames whose permissions policy blocks it: treated as without a battery.
    const battery = (await getBattery?.().catch(() => null)) ?? null;
    if (battery === null || this.#closed.signal.aborted) return;
    const look = (): void => {
      this.#battery = batteryLimit(battery);
      this.#notify();
    };
    for (const event of ['chargingchange', 'levelchange']) {
      battery.addEventListener(event, look, { signal: this.#closed.signal });
    }
    look();
  }

  async #watchPressure({ PressureObserver }: PowerSources): Promise<void> {
    if (PressureObserver === undefined) return;
    this.#observer = new PressureObserver((records) => {
      this.#states = [...this.#states, ...records.map(({ state }) => state)].slice(-samples);
      this.#pressure = pressureLimit(this.#states);
      this.#notify();
    });
    await this.#observer.observe('cpu', { sampleInterval: sampleIntervalMs }).catch(() => {
      // Blocked by a policy, or the device has no such sensor.
    });
  }

  #notify(): void {
    const limit = this.#battery.factor <= this.#pressure.factor ? this.#battery : this.#pressure;
    if (limit.factor === this.#limit.factor && limit.hint === this.#limit.hint) return;
    this.#limit = limit;
    if (!this.#closed.signal.aborted) this.#onLimit(limit);
  }
}
