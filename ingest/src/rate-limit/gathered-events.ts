export interface GatheredEventsOptions<Item> {
  intervalMs: number;
  /** Sends the items in one message. */
  send: (key: string, items: readonly Item[]) => Promise<void>;
  onError: (error: unknown) => void;
}

interface Burst<Item> {
  items: Set<Item>;
  timer: NodeJS.Timeout;
}

/** Sends the first event of a key at once, and those of the following interval in one message. Equal items count once. */
export class GatheredEvents<Item> {
  readonly #options: GatheredEventsOptions<Item>;
  readonly #bursts = new Map<string, Burst<Item>>();

  constructor(options: GatheredEventsOptions<Item>) {
    this.#options = options;
  }

  /** Resolves when the item is sent, or waits for its interval to end. */
  async add(key: string, item: Item): Promise<void> {
    const burst = this.#bursts.get(key);
    if (burst !== undefined) return void burst.items.add(item);
    this.#startBurst(key);
    await this.#options.send(key, [item]);
  }

  /** Drops the events that wait. */
  close(): void {
    for (const { timer } of this.#bursts.values()) clearTimeout(timer);
    this.#bursts.clear();
  }

  #startBurst(key: string): void {
    const items = new Set<Item>();
    const timer = setTimeout(() => {
      this.#bursts.delete(key);
      if (items.size === 0) return;
      this.#startBurst(key);
      this.#options.send(key, [...items]).catch(this.#options.onError);
    }, this.#options.intervalMs).unref();
    this.#bursts.set(key, { items, timer });
  }
}
