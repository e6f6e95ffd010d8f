import type { RosterItem, RosterMessage } from '../bus/roster-message.ts';
import { rosterSilenceMs } from './liveness.ts';

/** One entry of a roster, and the replica that it is connected to. */
export interface Listed<Entry> {
  key: string;
  replicaId: string;
  /** When it was added, server clock, milliseconds since the Unix epoch. */
  sinceMs: number;
  entry: Entry;
}

interface Peer<Entry> {
  version: number;
  lastReceivedMs: number;
  /** A message was missed, and the full list has been requested. */
  isRequested: boolean;
  items: Map<string, Listed<Entry>>;
  incoming: FullList<Entry>;
}

/** The parts of a full list received so far. Its items replace the peer's with the last part. */
interface FullList<Entry> {
  version: number;
  parts: number;
  items: Map<string, Listed<Entry>>;
}

/** What to do after a message of another replica. `incomplete`: one of its messages was missed, so request its full list. */
export type PeerUpdate = 'changed' | 'unchanged' | 'incomplete';

type FullListMessage<Entry extends object> = Extract<RosterMessage<Entry>, { kind: 'whole' }>;
type PeerMessage<Entry extends object> = Exclude<RosterMessage<Entry>, { kind: 'ask' }>;

const list = <Entry>(
  items: Map<string, Listed<Entry>>,
  replicaId: string,
  [key, sinceMs, entry]: RosterItem<Entry>,
): void => {
  items.set(key, { key, replicaId, sinceMs, entry });
};

const receiveFullList = <Entry extends object>(
  peer: Peer<Entry>,
  { replica, version, begins, more, part, items }: FullListMessage<Entry>,
): PeerUpdate => {
  if (begins) peer.incoming = { version, parts: 0, items: new Map() };
  const { incoming } = peer;
  // Earlier versions do not number the parts.
  const isNext = part === undefined || (part === incoming.parts && version === incoming.version);
  if (isNext) {
    for (const item of items) list(incoming.items, replica, item);
    incoming.parts += 1;
  }
  if (more) return 'unchanged';
  peer.isRequested = !isNext;
  if (!isNext) return 'incomplete';
  peer.items = incoming.items;
  peer.version = version;
  return 'changed';
};

/** The entries of the other replicas, from their messages. */
export class RosterPeers<Entry extends object> {
  readonly #now: () => number;
  readonly #peers = new Map<string, Peer<Entry>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  apply(message: PeerMessage<Entry>): PeerUpdate {
    if (message.kind === 'gone') return this.#forget(message.replica);
    const peer = this.#peerOf(message.replica);
    peer.lastReceivedMs = this.#now();
    switch (message.kind) {
      case 'beat':
        return message.version === peer.version ? 'unchanged' : 'incomplete';
      case 'whole':
        return receiveFullList(peer, message);
      case 'set':
      case 'delete':
      case 'changes':
        if (message.version !== peer.version + 1) return this.#missed(peer);
        peer.version = message.version;
        if (message.kind === 'set') list(peer.items, message.replica, message.item);
        else if (message.kind === 'delete') peer.items.delete(message.key);
        else {
          for (const item of message.items) list(peer.items, message.replica, item);
          for (const key of message.gone) peer.items.delete(key);
        }
        return 'changed';
    }
  }

  forgetSilent(): PeerUpdate {
    let update: PeerUpdate = 'unchanged';
    for (const [replica, { lastReceivedMs }] of this.#peers) {
      if (this.#now() - lastReceivedMs > rosterSilenceMs && this.#forget(replica) === 'changed') update = 'changed';
    }
    return update;
  }

  /** The replicas that list this key. */
  replicasWith(key: string): string[] {
    return [...this.#peers].filter(([, { items }]) => items.has(key)).map(([replicaId]) => replicaId);
  }

  /** This key's entry on each replica that lists it. */
  find(key: string): Listed<Entry>[] {
    return [...this.#peers.values()].flatMap(({ items }) => items.get(key) ?? []);
  }

  *all(): Generator<Listed<Entry>> {
    for (const { items } of this.#peers.values()) yield* items.values();
  }

  #peerOf(replica: string): Peer<Entry> {
    const known = this.#peers.get(replica);
    if (known !== undefined) return known;
    const items = new Map<string, Listed<Entry>>();
    const incoming = { version: -1, parts: 0, items };
    const peer = { version: -1, lastReceivedMs: 0, isRequested: false, items, incoming };
    this.#peers.set(replica, peer);
    return peer;
  }

  #forget(replica: string): PeerUpdate {
    const peer = this.#peers.get(replica);
    this.#peers.delete(replica);
    return peer !== undefined && peer.items.size > 0 ? 'changed' : 'unchanged';
  }

  /** Requests the list once, however many messages follow the missed one. If the reply is lost too, the next beat reveals it. */
  #missed(peer: Peer<Entry>): PeerUpdate {
    if (peer.isRequested) return 'unchanged';
    peer.isRequested = true;
    return 'incomplete';
  }
}
