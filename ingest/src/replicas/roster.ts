import type { Bus, Subscription } from '../bus/bus.ts';
import type { RosterItem, RosterMessage } from '../bus/roster-message.ts';
import type { Topic } from '../bus/topic.ts';
import { rosterBeatMs } from './liveness.ts';
import { RosterPeers } from './roster-peers.ts';
import type { Listed } from './roster-peers.ts';

export interface RosterOptions<Entry extends object> {
  /** Rosters with the same topic on all replicas are one. */
  topic: Topic<string, RosterMessage<Entry>>;
  /** This process; a new id each time it starts. */
  replicaId: string;
  bus: Bus;
  now: () => number;
}

const retryMs = 100;
/** Shortest time between full lists that others request: replicas of earlier versions request them after each combined message. */
const answerEveryMs = 250;
/** Keeps a message under the size limit of the bus (NATS: 1 MB), even if every name is as long as allowed. */
const itemsPerMessage = 250;

/** The keys whose entries changed; null: any may have. */
export type ChangedKeys = ReadonlySet<string> | null;

const keysOf = <Entry extends object>(message: RosterMessage<Entry>): readonly string[] | null => {
  switch (message.kind) {
    case 'set':
      return [message.item[0]];
    case 'delete':
      return [message.key];
    case 'changes':
      return [...message.items.map(([key]) => key), ...message.gone];
    default:
      return null;
  }
};

const itemOf = <Entry>({ key, sinceMs, entry }: Listed<Entry>): RosterItem<Entry> => [key, sinceMs, entry];

/**
 * Lists which keys are connected to which replica. Each replica publishes its own entries and keeps those that the others publish, so the
 * list is as current as the bus. A replica that missed a message notices by the version in the next beat and requests the full list.
 */
export class Roster<Entry extends object> {
  readonly #options: RosterOptions<Entry>;
  readonly #own = new Map<string, Listed<Entry>>();
  readonly #peers: RosterPeers<Entry>;
  readonly #listeners = new Set<(keys: ChangedKeys) => void>();
  readonly #subscription: Subscription;
  readonly #stopHealed: () => void;
  readonly #beat: NodeJS.Timeout;
  /** Keys whose changes are not published yet. */
  readonly #unpublished = new Set<string>();
  /** The last answer of `all`; null after a change. */
  #all: readonly Listed<Entry>[] | null = null;
  #version = 0;
  #isNotifying = false;
  /** Since the listeners were called last. */
  #changedKeys: Set<string> | null = new Set();
  /** Until the next full list may be published on request, and whether one was requested meanwhile. */
  #pause: { timer: NodeJS.Timeout; isRequested: boolean } | null = null;
  #closed = false;

  constructor(options: RosterOptions<Entry>) {
    this.#options = options;
    this.#peers = new RosterPeers(options.now);
    this.#subscription = options.bus.subscribe(options.topic, [], (message) => this.#receive(message));
    this.#stopHealed = options.bus.onHealed(() => this.#introduce());
    void this.#subscription.ready.then(() => this.#introduceWhenUp());
    this.#beat = setInterval(() => this.#tick(), rosterBeatMs).unref();
  }

  /** Adds or changes an entry of this replica. */
  set(key: string, entry: Entry): void {
    const { replicaId, now } = this.#options;
    const sinceMs = this.#own.get(key)?.sinceMs ?? now();
    this.#own.set(key, { key, replicaId, sinceMs, entry });
    this.#changed(key);
  }

  delete(key: string): void {
    if (this.#own.delete(key)) this.#changed(key);
  }

  /** The newest entry, if several replicas list the key. */
  get(key: string): Listed<Entry> | null {
    let newest = this.#own.get(key) ?? null;
    for (const listed of this.#peers.find(key)) {
      if (newest === null || listed.sinceMs > newest.sinceMs) newest = listed;
    }
    return newest;
  }

  /** The other replicas that list it. */
  elsewhere(key: string): string[] {
    return this.#peers.replicasWith(key);
  }

  /** All entries, each key once. The same list until an entry changes. */
  all(): readonly Listed<Entry>[] {
    this.#all ??= this.#listAll();
    return this.#all;
  }

  #listAll(): Listed<Entry>[] {
    const newest = new Map<string, Listed<Entry>>(this.#own);
    for (const listed of this.#peers.all()) {
      if (listed.sinceMs > (newest.get(listed.key)?.sinceMs ?? -Infinity)) newest.set(listed.key, listed);
    }
    return [...newest.values()];
  }

  /** Called soon after one or more changes on any replica. @returns removes the listener. */
  onChange(listener: (keys: ChangedKeys) => void): () => void {
    const own = (keys: ChangedKeys): void => listener(keys);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#beat);
    clearTimeout(this.#pause?.timer);
    this.#stopHealed();
    this.#unpublished.clear();
    this.#publish({ kind: 'gone', replica: this.#options.replicaId });
    this.#subscription.close();
    this.#listeners.clear();
  }

  #publish(message: RosterMessage<Entry>): void {
    this.#options.bus.publish(this.#options.topic, [], message);
  }

  /** Publishes together what changes in one turn of the event loop: a crowd that connects changes hundreds of entries in one. */
  #changed(key: string): void {
    // Before the `setImmediate` of a caller that publishes something about the key: LiveView.watch relies on it.
    if (this.#unpublished.size === 0) setImmediate(() => this.#publishChanges());
    this.#unpublished.add(key);
    this.#notify([key]);
  }

  #publishChanges(): void {
    const keys = [...this.#unpublished];
    this.#unpublished.clear();
    for (let from = 0; from < keys.length; from += itemsPerMessage) {
      this.#publish(this.#changeMessage(keys.slice(from, from + itemsPerMessage)));
    }
  }

  #changeMessage(keys: readonly string[]): RosterMessage<Entry> {
    const { replicaId: replica } = this.#options;
    const version = ++this.#version;
    const items = keys.map((key) => this.#own.get(key)).filter((listed) => listed !== undefined);
    const gone = keys.filter((key) => !this.#own.has(key));
    const [item, key] = [items[0], gone[0]];
    // Earlier versions understand only these two.
    if (keys.length === 1 && item !== undefined) return { kind: 'set', replica, version, item: itemOf(item) };
    if (keys.length === 1 && key !== undefined) return { kind: 'delete', replica, version, key };
    return { kind: 'changes', replica, version, items: items.map(itemOf), gone };
  }

  /** Messages published before the bus is up are lost, so this waits for it. */
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
    this.#publishAll();
    this.#requestAll();
  }

  #requestAll(): void {
    this.#publish({ kind: 'ask', replica: this.#options.replicaId });
  }

  #publishAll(): void {
    // If this list is lost, its version has to differ from the one before.
    this.#publishChanges();
    const items = [...this.#own.values()].map(itemOf);
    const { replicaId } = this.#options;
    for (let index = 0; index === 0 || index < items.length; index += itemsPerMessage) {
      this.#publish({
        kind: 'whole',
        replica: replicaId,
        version: this.#version,
        begins: index === 0,
        more: index + itemsPerMessage < items.length,
        part: index / itemsPerMessage,
        items: items.slice(index, index + itemsPerMessage),
      });
    }
  }

  #answer(): void {
    if (this.#closed) return;
    if (this.#pause !== null) {
      this.#pause.isRequested = true;
      return;
    }
    this.#publishAll();
    const timer = setTimeout(() => {
      const isRequested = this.#pause?.isRequested;
      this.#pause = null;
      if (isRequested) this.#answer();
    }, answerEveryMs).unref();
    this.#pause = { timer, isRequested: false };
  }

  #tick(): void {
    this.#publishChanges();
    this.#publish({ kind: 'beat', replica: this.#options.replicaId, version: this.#version });
    if (this.#peers.forgetSilent() === 'changed') this.#notify(null);
  }

  #receive(message: RosterMessage<Entry>): void {
    if (message.replica === this.#options.replicaId) return;
    if (message.kind === 'ask') return this.#answer();
    const update = this.#peers.apply(message);
    if (update === 'changed') this.#notify(keysOf(message));
    if (update === 'incomplete') this.#requestAll();
  }

  /** Listeners are called once for many changes in a row, such as a class that connects or a replica that stops. */
  #notify(keys: readonly string[] | null): void {
    this.#all = null;
    if (keys === null) this.#changedKeys = null;
    else for (const key of keys) this.#changedKeys?.add(key);
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    queueMicrotask(() => {
      this.#isNotifying = false;
      const changed = this.#changedKeys;
      this.#changedKeys = new Set();
      for (const listener of this.#listeners) listener(changed);
    });
  }
}
