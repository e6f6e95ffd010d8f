interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Few enough for SQLite, which allows 32,766 values in a statement. */
const most = 500;

/**
 * Does what is asked for in one turn of the event loop in one operation: a crowd that connects at once costs a few queries instead of
 * several for each student. Alone, an item waits for the end of the turn only.
 *
 * @example
 * const rows = new Gathered((ids: readonly string[]) => readRows(ids)); // one result for each id, in their order
 * const row = await rows.add('a');
 */
export class Gathered<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  #waiting: Waiting<Item, Result>[] = [];

  /** @param work returns a result for each item, in their order */
  constructor(work: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#work = work;
  }

  /** Rejects if the operation that includes the item fails. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length > 1) return;
      setImmediate(() => {
        const all = this.#waiting;
        this.#waiting = [];
        for (let from = 0; from < all.length; from += most) void this.#run(all.slice(from, from + most));
      });
    });
  }

  async #run(waiting: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#work(waiting.map(({ item }) => item));
      for (const [at, { resolve }] of waiting.entries()) resolve(results[at]!);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
