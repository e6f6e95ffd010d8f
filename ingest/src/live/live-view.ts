import { profileMaxSidePx } from '@invigil/protocol/channels';
import type { LiveFrame, LiveProfile } from '@invigil/protocol/channels';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import type { LiveControl } from '../bus/topics.ts';
import { Roster } from '../replicas/roster.ts';
import type { Listed } from '../replicas/roster.ts';

/** One who is watched. */
export interface Sentinel {
  examId: string | null;
  name: string;
}

/** A connection of a sentinel to this replica. */
export interface Producer {
  /** The longest side that its pictures should have from now on, pixels. */
  setResolution(maxSidePx: number): void;
  /** Whether anybody watches it from now on, here or on another replica. Told when it changes, and at the beginning when somebody does. */
  setWatched(isWatched: boolean): void;
}

export interface LiveViewOptions {
  replicaId: string;
  bus: Bus;
  now: () => number;
}

interface Present {
  producers: Set<Producer>;
  /** The last frame of numbers, if it is newer than the picture, and the last picture; in memory alone. */
  last: LiveFrame | null;
  lastPicture: LiveFrame | null;
  /** Server clock, milliseconds since the Unix epoch. */
  lastPictureMs: number;
  /** As its producers were told. */
  isWatched: boolean;
}

type Watcher = (frames: readonly LiveFrame[]) => void;

/** A message of the bus must stay under 1 MB (NATS); a picture above it is seen on its own replica alone. */
const maxBusPictureChars = 1_000_000;

/** Pictures that are kept for those who come to watch. Beyond it the newest are seen, and not kept. */
const maxKeptPictureChars = 256_000_000;

/**
 * Brings frames from the sentinels to those who watch them, on whichever replica either is. A frame crosses the bus only while
 * somebody on another replica watches. Nothing is decoded, and nothing is kept but the last.
 */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #sentinels: Roster<Sentinel>;
  /** Which sentinels are watched from which replica. */
  readonly #watches: Roster<Record<string, never>>;
  readonly #present = new Map<string, Present>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  /** Watchers who have had nothing yet, of sentinels on other replicas. */
  readonly #awaiting = new Map<string, Set<Watcher>>();
  readonly #subscriptions: Subscription[];
  readonly #stopWatches: () => void;
  #keptPictureChars = 0;

  constructor(options: LiveViewOptions) {
    const { bus, replicaId } = options;
    this.#options = options;
    this.#sentinels = new Roster({ ...options, topic: topics.sentinelRoster });
    this.#watches = new Roster({ ...options, topic: topics.watchRoster });
    this.#stopWatches = this.#watches.onChange(() => this.#tellWatched());
    this.#subscriptions = [
      bus.subscribe(topics.liveControl, [], (control) => this.#onControl(control)),
      bus.subscribe(topics.liveFrames, [replicaId], ({ sentinelId, frames, again }) => {
        this.#deliver(again ? this.#awaiting : this.#watchers, sentinelId, frames);
      }),
    ];
  }

  /** All that are there now, on every replica. */
  sentinels(): Listed<Sentinel>[] {
    return this.#sentinels.all();
  }

  /** @returns the way to stop listening. */
  onSentinels(listener: () => void): () => void {
    return this.#sentinels.onChange(listener);
  }

  sentinelOf(sentinelId: string): Sentinel | null {
    return this.#sentinels.get(sentinelId)?.entry ?? null;
  }

  /** The last picture, where this replica has one that is not older. */
  lastPictureOf(sentinelId: string, maxAgeMs: number): string | null {
    const present = this.#present.get(sentinelId);
    if (present === undefined || this.#options.now() - present.lastPictureMs > maxAgeMs) return null;
    return present.lastPicture?.data ?? null;
  }

  /** A sentinel's connection is there. @returns what to call when it is gone; others of the same sentinel stay. */
  join(sentinelId: string, sentinel: Sentinel, producer: Producer): () => void {
    const present = this.#present.get(sentinelId) ?? {
      producers: new Set(),
      last: null,
      lastPicture: null,
      lastPictureMs: -Infinity,
      isWatched: this.isWatched(sentinelId),
    };
    this.#present.set(sentinelId, present);
    present.producers.add(producer);
    if (present.isWatched) producer.setWatched(true);
    this.#sentinels.set(sentinelId, sentinel);
    return () => {
      present.producers.delete(producer);
      if (present.producers.size > 0 || this.#present.get(sentinelId) !== present) return;
      this.#keep(present, null);
      this.#present.delete(sentinelId);
      this.#sentinels.delete(sentinelId);
    };
  }

  /** For one that is connected here. */
  rename(sentinelId: string, name: string): void {
    const sentinel = this.sentinelOf(sentinelId);
    if (sentinel !== null && this.#present.has(sentinelId)) this.#sentinels.set(sentinelId, { ...sentinel, name });
  }

  /** Whether anybody watches it, here or elsewhere. */
  isWatched(sentinelId: string): boolean {
    return this.#watchers.has(sentinelId) || this.#watches.elsewhere(sentinelId).length > 0;
  }

  /** Frames of a sentinel that is connected here. */
  publish(sentinelId: string, frames: readonly LiveFrame[]): void {
    const present = this.#present.get(sentinelId);
    const last = frames.at(-1);
    if (present === undefined || last === undefined) return;
    present.last = last.data === null ? last : null;
    const picture = frames.findLast(({ data }) => data !== null);
    if (picture !== undefined) this.#keep(present, picture);
    this.#deliver(this.#watchers, sentinelId, frames);
    for (const replicaId of this.#watches.elsewhere(sentinelId)) this.#send(replicaId, sentinelId, frames, false);
  }

  /** Brings the last frame at once, then every new one. @returns the way to stop. */
  watch(sentinelId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(sentinelId) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(sentinelId, watchers);
    this.#watches.set(sentinelId, {});
    const present = this.#present.get(sentinelId);
    const last = present === undefined ? [] : lastOf(present);
    if (last.length > 0) watcher(last);
    if (present === undefined) {
      this.#awaiting.set(sentinelId, (this.#awaiting.get(sentinelId) ?? new Set()).add(watcher));
      this.#sendControl({ kind: 'wanted', sentinelId, replicaId: this.#options.replicaId });
    }
    return () => {
      watchers.delete(watcher);
      this.#awaiting.get(sentinelId)?.delete(watcher);
      if (watchers.size > 0 || this.#watchers.get(sentinelId) !== watchers) return;
      this.#watchers.delete(sentinelId);
      this.#awaiting.delete(sentinelId);
      this.#watches.delete(sentinelId);
    };
  }

  setProfile(sentinelId: string, profile: LiveProfile): void {
    this.#sendControl({ kind: 'resolution', sentinelId, maxSidePx: profileMaxSidePx[profile] });
  }

  close(): void {
    this.#stopWatches();
    this.#sentinels.close();
    this.#watches.close();
    for (const subscription of this.#subscriptions) subscription.close();
  }

  #keep(present: Present, picture: LiveFrame | null): void {
    const sizeOf = (frame: LiveFrame | null): number => frame?.data?.length ?? 0;
    this.#keptPictureChars -= sizeOf(present.lastPicture);
    present.lastPicture = this.#keptPictureChars + sizeOf(picture) > maxKeptPictureChars ? null : picture;
    present.lastPictureMs = this.#options.now();
    this.#keptPictureChars += sizeOf(present.lastPicture);
  }

  #tellWatched(): void {
    for (const [sentinelId, present] of this.#present) {
      const isWatched = this.isWatched(sentinelId);
      if (isWatched === present.isWatched) continue;
      present.isWatched = isWatched;
      for (const producer of present.producers) producer.setWatched(isWatched);
    }
  }

  #deliver(to: ReadonlyMap<string, ReadonlySet<Watcher>>, sentinelId: string, frames: readonly LiveFrame[]): void {
    const watchers = to.get(sentinelId) ?? [];
    this.#awaiting.delete(sentinelId);
    for (const watcher of watchers) watcher(frames);
  }

  /** To the watchers on another replica. A new picture is a message of its own. */
  #send(replicaId: string, sentinelId: string, frames: readonly LiveFrame[], again: boolean): void {
    const { bus } = this.#options;
    const small = frames.filter(({ data }) => data === null || data.length <= maxBusPictureChars);
    const numbers = small.filter(({ data }) => data === null);
    const pictures = small.filter(({ data }) => data !== null);
    // The last picture and the last numbers fit together.
    const messages = again ? [small] : [...pictures.map((picture) => [picture]), numbers];
    for (const message of messages) {
      if (message.length > 0) bus.publish(topics.liveFrames, [replicaId], { sentinelId, frames: message, again });
    }
  }

  #sendControl(control: LiveControl): void {
    this.#options.bus.publish(topics.liveControl, [], control);
  }

  #onControl(control: LiveControl): void {
    const present = this.#present.get(control.sentinelId);
    if (present === undefined) return;
    if (control.kind === 'resolution') {
      for (const producer of present.producers) producer.setResolution(control.maxSidePx);
      return;
    }
    this.#send(control.replicaId, control.sentinelId, lastOf(present), true);
  }
}

const lastOf = ({ last, lastPicture }: Present): LiveFrame[] => [lastPicture, last].filter((frame) => frame !== null);
