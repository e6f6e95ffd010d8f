import type { Duplex } from 'node:stream';

/** Counts sockets by remote address, from the upgrade request until they close. */
export class ConnectionQuota {
  readonly #maxPerAddress: number;
  readonly #byAddress = new Map<string, number>();

  constructor(maxPerAddress: number) {
    this.#maxPerAddress = maxPerAddress;
  }

  isReached(address: string): boolean {
    return this.countOf(address) >= this.#maxPerAddress;
  }

  countOf(address: string): number {
    return this.#byAddress.get(address) ?? 0;
  }

  /** Counts the socket until it closes. It is the same socket before and after it becomes a WebSocket. */
  hold(address: string, socket: Duplex): void {
    this.#byAddress.set(address, this.countOf(address) + 1);
    socket.on('close', () => {
      const left = this.countOf(address) - 1;
      if (left === 0) this.#byAddress.delete(address);
      else this.#byAddress.set(address, left);
    });
  }
}
