/** How much each key holds. Keys that hold nothing are not kept. */
export class Counts {
  readonly #byKey = new Map<string, number>();
  #total = 0;

  of(key: string): number {
    return this.#byKey.get(key) ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  add(key: string, amount: number): void {
    this.#total += amount;
    const sum = this.of(key) + amount;
    if (sum === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, sum);
  }
}
