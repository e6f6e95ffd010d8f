import type { LiveFrame } from '@invigil/protocol/channels';

export type Watcher = (frames: readonly LiveFrame[]) => void;

interface Watched {
  watchers: Set<Watcher>;
  /** Watchers of a sentinel on another replica that have not received its last frames yet. */
  awaiting: Set<Watcher>;
}

/** The watchers of this replica by sentinel. */
export class Watchers {
  readonly #sentinels = new Map<string, Watched>();

  has(sentinelId: string): boolean {
    return this.#sentinels.has(sentinelId);
  }

  /** @param isAwaiting whether it also receives the sentinel's last frames, once they arrive from another replica */
  add(sentinelId: string, watcher: Watcher, isAwaiting: boolean): void {
    const watched = this.#sentinels.get(sentinelId) ?? { watchers: new Set(), awaiting: new Set() };
    watched.watchers.add(watcher);
    if (isAwaiting) watched.awaiting.add(watcher);
    this.#sentinels.set(sentinelId, watched);
  }

  /** @returns whether it was the sentinel's last watcher. */
  remove(sentinelId: string, watcher: Watcher): boolean {
    const watched = this.#sentinels.get(sentinelId);
    watched?.awaiting.delete(watcher);
    if (watched?.watchers.delete(watcher) !== true || watched.watchers.size > 0) return false;
    return this.#sentinels.delete(sentinelId);
  }

  deliver(sentinelId: string, frames: readonly LiveFrame[]): void {
    this.#deliver(sentinelId, frames, 'watchers');
  }

  /** Delivers frames that the other watchers already have. */
  deliverToAwaiting(sentinelId: string, frames: readonly LiveFrame[]): void {
    this.#deliver(sentinelId, frames, 'awaiting');
  }

  #deliver(sentinelId: string, frames: readonly LiveFrame[], to: keyof Watched): void {
    const watched = this.#sentinels.get(sentinelId);
    if (watched === undefined) return;
    const receivers = [...watched[to]];
    // Clearing an empty set allocates a new table, which would survive in the old generation.
    if (watched.awaiting.size > 0) watched.awaiting.clear();
    for (const watcher of receivers) watcher(frames);
  }
}
