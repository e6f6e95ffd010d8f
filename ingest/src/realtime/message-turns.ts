/** Messages that are begun in one turn of the event loop while clients connect. */
const inCrowd = 3;

/**
 * Lets clients connect while others send more than the server can handle. Node accepts one connection in each turn of the event loop, and a turn
 * that handles hundreds of messages takes half a second: clients that wait to connect would give up after ten seconds and try again. So while
 * clients connect, few messages are begun in a turn. A client whose messages wait puts more frames into the next one, which costs less than
 * as many messages.
 */
export class MessageTurns {
  readonly #waiting: (() => void)[] = [];
  #begun = 0;
  #hasArrivals = false;
  #isEndDue = false;

  /** A client has connected. */
  arrived(): void {
    this.#hasArrivals = true;
    this.#awaitEnd();
  }

  /** Resolves when the next message may be begun; undefined if it may be begun at once. */
  next(): Promise<void> | undefined {
    this.#awaitEnd();
    if (this.#begun < inCrowd && this.#waiting.length === 0) {
      this.#begun += 1;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #awaitEnd(): void {
    if (this.#isEndDue) return;
    this.#isEndDue = true;
    setImmediate(() => this.#end());
  }

  /** Node has read all sockets that had something to read. */
  #end(): void {
    const free = this.#hasArrivals ? inCrowd - this.#begun : this.#waiting.length;
    this.#isEndDue = false;
    this.#hasArrivals = false;
    this.#begun = 0;
    for (const begin of this.#waiting.splice(0, free)) begin();
    if (this.#waiting.length > 0) this.#awaitEnd();
  }
}
