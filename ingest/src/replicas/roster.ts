import type { Bus, Subscription } from '../bus/bus.ts';
import type { RosterItem, RosterMessage } from '../bus/roster-message.ts';
import type { Topic } from '../bus/topic.ts';
import { rosterBeatMs, rosterSilenceMs } from './liveness.ts';

export interface RosterOptions<Entry extends object> {
  /** Rosters with the same topic on all replicas are one. */
  topic: Topic<string, RosterMessage<Entry>>;
  /** This replica; a new one for each process. */
  replicaId: string;
  bus: Bus;
  now: () => number;
}

/** One thing that is there now, and where. */
export interface Listed<Entry> {
  key: string;
  replicaId: string;
  /** When it came, server clock, milliseconds since the Unix epoch. */
  sinceMs: number;
  entry: Entry;
}

interface Peer<Entry> {
  version: number;
  heardMs: number;
  /** Something was missed, and the whole is on its way. */
  asked: boolean;
  items: Map<string, Listed<Entry>>;
}

const retryMs = 100;
/** Keeps a message well under what a bus carries (NATS: 1 MB). */
const itemsPerMessage = 1000;

/**
 * What is connected to which replica, known to all of them: each tells of its own and remembers what the others tell. It is as
 * true as the bus is quick; a replica that missed something notices by the version in the next beat and asks for the whole.
 */
export class Roster<Entry extends object> {
  readonly #options: RosterOptions<Entry>;
  readonly #own = new Map<string, Listed<Entry>>();
  readonly #peers = new Map<string, Peer<Entry>>();
  readonly #listeners = new Set<() => void>();
  readonly #subscription: Subscription;
  readonly #stopHealed: () => void;
  readonly #beat: NodeJS.Timeout;
  #version = 0;
  #told = false;
  #closed = false;

  constructor(options: RosterOptions<Entry>) {
    this.#options = options;
    this.#subscription = options.bus.subscribe(options.topic, [], (message) => this.#receive(message));
    this.#stopHealed = options.bus.onHealed(() => this.#introduce());
    void this.#subscription.ready.then(() => this.#introduceWhenUp());
    this.#beat = setInterval(() => this.#tick(), rosterBeatMs).unref();
  }

  /** Adds or changes one of this replica. */
  set(key: string, entry: Entry): void {
    const { replicaId, now } = this.#options;
    const sinceMs = this.#own.get(key)?.sinceMs ?? now();
    this.#own.set(key, { key, replicaId, sinceMs, entry });
    this.#publish({ kind: 'set', replica: replicaId, version: ++this.#version, item: [key, sinceMs, entry] });
    this.#changed();
  }

  delete(key: string): void {
    if (!this.#own.delete(key)) return;
    this.#publish({ kind: 'delete', replica: this.#options.replicaId, version: ++this.#version, key });
    this.#changed();
  }

  /** The one that came last, where several replicas have it. */
  get(key: string): Listed<Entry> | null {
    let newest = this.#own.get(key) ?? null;
    for (const { items } of this.#peers.values()) {
      const listed = items.get(key);
      if (listed !== undefined && (newest === null || listed.sinceMs > newest.sinceMs)) newest = listed;
    }
    return newest;
  }

  /** The other replicas that have it. */
  elsewhere(key: string): string[] {
    const replicas: string[] = [];
    for (const [replicaId, { items }] of this.#peers) if (items.has(key)) replicas.push(replicaId);
    return replicas;
  }

  /** All of them, each key once. */
  all(): Listed<Entry>[] {
    const newest = new Map<string, Listed<Entry>>(this.#own);
    for (const { items } of this.#peers.values()) {
      for (const [key, listed] of items) {
        if (listed.sinceMs > (newest.get(key)?.sinceMs ?? -Infinity)) newest.set(key, listed);
      }
    }
    return [...newest.values()];
  }

  /** Called soon after one or more changes, here or elsewhere. Returns the way to stop listening. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#beat);
    this.#stopHealed();
    this.#publish({ kind: 'gone', replica: this.#options.replicaId });
    this.#subscription.close();
    this.#listeners.clear();
  }

  #publish(message: RosterMessage<Entry>): void {
    this.#options.bus.publish(this.#options.topic, [], message);
  }

  /** What is published while the bus is still coming up is heard by nobody. */
  async #introduceWhenUp(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#options.bus.check();
        return this.#introduce();
      } catch {
        await new Promise<void>((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  }

  #introduce(): void {
    this.#tellWhole();
    this.#ask();
  }

  #ask(): void {
    this.#publish({ kind: 'ask', replica: this.#options.replicaId });
  }

  #tellWhole(): void {
    const items = [...this.#own.values()].map(({ key, sinceMs, entry }): RosterItem<Entry> => [key, sinceMs, entry]);
    const { replicaId } = this.#options;
    for (let index = 0; index === 0 || index < items.length; index += itemsPerMessage) {
      this.#publish({
        kind: 'whole',
        replica: replicaId,
        version: this.#version,
        begins: index === 0,
        items: items.slice(index, index + itemsPerMessage),
      });
    }
  }

  #tick(): void {
    const { replicaId, now } = this.#options;
    this.#publish({ kind: 'beat', replica: replicaId, version: this.#version });
    for (const [replica, { heardMs }] of this.#peers) {
      if (now() - heardMs > rosterSilenceMs) this.#forget(replica);
    }
  }

  #forget(replica: string): void {
    const peer = this.#peers.get(replica);
    this.#peers.delete(replica);
    if (peer !== undefined && peer.items.size > 0) this.#changed();
  }

  #receive(message: RosterMessage<Entry>): void {
    const { replicaId, now } = this.#options;
    if (message.replica === replicaId) return;
    if (message.kind === 'ask') return this.#tellWhole();
    if (message.kind === 'gone') return this.#forget(message.replica);
    const peer = this.#peers.get(message.replica) ?? {
      version: -1,
      heardMs: 0,
      asked: false,
      items: new Map<string, Listed<Entry>>(),
    };
    this.#peers.set(message.replica, peer);
    peer.heardMs = now();
    const list = ([key, sinceMs, entry]: RosterItem<Entry>): void => {
      peer.items.set(key, { key, replicaId: message.replica, sinceMs, entry });
    };
    switch (message.kind) {
      case 'whole':
        if (message.begins) peer.items.clear();
        for (const item of message.items) list(item);
        peer.version = message.version;
        peer.asked = false;
        return this.#changed();
      case 'beat':
        if (message.version !== peer.version) this.#ask();
        return;
      case 'set':
      case 'delete':
        if (message.version !== peer.version + 1) return this.#missed(peer);
        peer.version = message.version;
        if (message.kind === 'set') list(message.item);
        else peer.items.delete(message.key);
        this.#changed();
    }
  }

  /** Something before it was not heard. Asked for once, however much follows; the beats ask again. */
  #missed(peer: Peer<Entry>): void {
    if (!peer.asked) this.#ask();
    peer.asked = true;
  }

  /** Many changes at once (a class that comes in, a replica that stops) are told as one. */
  #changed(): void {
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
