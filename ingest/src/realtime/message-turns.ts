/** A turn of the event loop that takes this long delays clients that are connecting. Most turns take a few milliseconds. */
const longTurnMs = 100;
/** Messages handled in a turn while messages are limited. */
const mostPerTurn = 3;

/**
 * Lets clients connect while others send more than the server can handle. Node accepts one connection in each turn of the event loop, and a turn
 * that handles hundreds of messages takes half a second, so connecting clients would give up after ten seconds and try again. After a long turn
 * in which a client connected, each turn starts at most three messages, until a turn passes without a new client. Meanwhile, the delayed
 * clients batch more frames into their next message, which is cheaper than sending them separately.
 */
export class MessageTurns {
  readonly #monotonicMs: () => number;
  readonly #waiting: (() => void)[] = [];
  #begun = 0;
  #startedMs = 0;
  #hasArrivals = false;
  #isLimited = false;
  #isEndDue = false;

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
  }

  /** A client has connected. */
  arrived(): void {
    this.#hasArrivals = true;
    this.#awaitEnd();
  }

  /** Resolves when the next message may be begun; undefined if it may be begun at once. */
  next(): Promise<void> | undefined {
    this.#awaitEnd();
    if (!this.#isLimited) return undefined;
    if (this.#begun < mostPerTurn && this.#waiting.length === 0) {
      this.#begun += 1;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #awaitEnd(): void {
    if (this.#isEndDue) return;
    this.#isEndDue = true;
    this.#startedMs = this.#monotonicMs();
    setImmediate(() => this.#end());
  }

  /** Node has read all sockets that had something to read. */
  #end(): void {
    const isLong = this.#monotonicMs() - this.#startedMs >= longTurnMs;
    this.#isLimited = this.#hasArrivals && (this.#isLimited || isLong);
    const free = this.#isLimited ? mostPerTurn - this.#begun : this.#waiting.length;
    this.#isEndDue = false;
    this.#hasArrivals = false;
    this.#begun = 0;
    for (const begin of this.#waiting.splice(0, free)) begin();
    if (this.#waiting.length > 0) this.#awaitEnd();
  }
}
