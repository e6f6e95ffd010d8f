export interface FairQueueOptions {
  /** Tasks of one owner that run at a time. */
  running: number;
  /** Tasks of one owner that wait. */
  waiting: number;
  /** Runs the callback in a later turn of the event loop. */
  nextTurn?: (callback: () => void) => void;
}

interface Owner {
  running: number;
  waiting: ((release: () => void) => void)[];
}

/**
 * Starts one task in each turn of the event loop, and lets the owners take turns: the next task of an owner starts after one task of every
 * other owner that waits. So between two tasks of one owner, every other owner starts at most one.
 */
export class FairQueue {
  readonly #options: Required<FairQueueOptions>;
  /** In the order in which they are served next. Owners without tasks are not kept. */
  readonly #owners = new Map<string, Owner>();
  #isScheduled = false;

  constructor(options: FairQueueOptions) {
    this.#options = { nextTurn: setImmediate, ...options };
  }

  /**
   * Waits for a turn.
   * @returns a function that ends the task, to be called exactly when it has ended; calling it again changes nothing. Null at once if too many
   * tasks of this owner wait
   */
  async enter(ownerId: string): Promise<(() => void) | null> {
    const owner = this.#owners.get(ownerId) ?? { running: 0, waiting: [] };
    if (owner.waiting.length >= this.#options.waiting) return null;
    this.#owners.set(ownerId, owner);
    const entered = new Promise<() => void>((resolve) => owner.waiting.push(resolve));
    this.#schedule();
    return await entered;
  }

  /** Owners with a task that waits or runs. */
  get size(): number {
    return this.#owners.size;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.nextTurn(() => {
      this.#isScheduled = false;
      if (this.#startNext()) this.#schedule();
    });
  }

  /** @returns whether a task was started */
  #startNext(): boolean {
    for (const [ownerId, owner] of this.#owners) {
      const start = owner.running < this.#options.running ? owner.waiting.shift() : undefined;
      if (start === undefined) continue;
      owner.running += 1;
      // At the end of the map, behind all others.
      this.#owners.delete(ownerId);
      this.#owners.set(ownerId, owner);
      start(this.#endOf(ownerId, owner));
      return true;
    }
    return false;
  }

  #endOf(ownerId: string, owner: Owner): () => void {
    let isRunning = true;
    return () => {
      if (!isRunning) return;
      isRunning = false;
      owner.running -= 1;
      if (owner.waiting.length > 0) return this.#schedule();
      if (owner.running === 0) this.#owners.delete(ownerId);
    };
  }
}
