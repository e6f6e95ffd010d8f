import { profileMaxSidePx } from '@invigil/protocol/channels';
import type { LiveFrame, LiveProfile } from '@invigil/protocol/channels';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import type { LiveControl } from '../bus/topics.ts';
import { groupBy } from '../records/group-by.ts';
import { Roster } from '../replicas/roster.ts';
import type { Listed } from '../replicas/roster-peers.ts';
import { LastFrames } from './last-frames.ts';
import type { Unobserved } from './latest-reading.ts';
import { relayedFrames, relayedLastFrames } from './relayed-frames.ts';
import { Watchers } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** A student whose frames can be watched. */
export interface Sentinel {
  examId: string | null;
  name: string;
  /** Set while the student has not been observed for some seconds. */
  unobserved?: Unobserved | undefined;
}

/** A connection of a sentinel to this replica. */
export interface Producer {
  /** @param maxSidePx the longest side that its images should have from now on, pixels */
  setResolution(maxSidePx: number): void;
  /** Called when the first proctor on any replica starts to watch, and when the last one stops. */
  setWatched(isWatched: boolean): void;
}

export interface LiveViewOptions {
  replicaId: string;
  bus: Bus;
  now: () => number;
}

/** A list of sentinels, and the same by exam. */
interface ByExam {
  all: readonly Listed<Sentinel>[];
  groups: ReadonlyMap<string | null, readonly Listed<Sentinel>[]>;
}

interface Present {
  producers: Set<Producer>;
  /** The value last sent to the producers. */
  isWatched: boolean;
}

/**
 * Delivers frames from sentinels to the proctors who watch them, on any replica. A frame crosses the bus only while a proctor on another
 * replica is watching. Images are not decoded, and only the last is kept.
 */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #sentinels: Roster<Sentinel>;
  /** Which sentinels are watched from which replica. */
  readonly #watches: Roster<Record<string, never>>;
  #byExam: ByExam = { all: [], groups: new Map() };
  readonly #present = new Map<string, Present>();
  readonly #last: LastFrames;
  readonly #watchers = new Watchers();
  readonly #subscriptions: Subscription[];
  readonly #stopWatches: () => void;

  constructor(options: LiveViewOptions) {
    const { bus, replicaId, now } = options;
    this.#options = options;
    this.#last = new LastFrames(now);
    this.#sentinels = new Roster({ ...options, topic: topics.sentinelRoster });
    this.#watches = new Roster({ ...options, topic: topics.watchRoster });
    this.#stopWatches = this.#watches.onChange((keys) => this.#updateWatched(keys ?? this.#present.keys()));
    this.#subscriptions = [
      bus.subscribe(topics.liveControl, [], (control) => this.#onControl(control)),
      bus.subscribe(topics.liveFrames, [replicaId], ({ sentinelId, frames, again }) => {
        if (again) this.#watchers.deliverToAwaiting(sentinelId, frames);
        else this.#watchers.deliver(sentinelId, frames);
      }),
    ];
  }

  /** The connected sentinels of all replicas, of one exam or (undefined) of all. */
  sentinels(examId?: string | null): readonly Listed<Sentinel>[] {
    const all = this.#sentinels.all();
    if (examId === undefined) return all;
    // Grouped once for all proctors, each of whom would go through every exam's students again.
    if (this.#byExam.all !== all) this.#byExam = { all, groups: groupBy(all, ({ entry }) => entry.examId) };
    return this.#byExam.groups.get(examId) ?? [];
  }

  /** @returns removes the listener. */
  onSentinels(listener: () => void): () => void {
    return this.#sentinels.onChange(listener);
  }

  sentinelOf(sentinelId: string): Sentinel | null {
    return this.#sentinels.get(sentinelId)?.entry ?? null;
  }

  /** The last image as base64 with its arrival, if this replica has one. */
  lastPictureOf(sentinelId: string): { data: string; atMs: number } | null {
    return this.#last.imageOf(sentinelId);
  }

  /** Adds a connection of a sentinel. @returns a function to call when it is closed; other connections of the sentinel stay. */
  join(sentinelId: string, sentinel: Sentinel, producer: Producer): () => void {
    const present = this.#present.get(sentinelId) ?? { producers: new Set(), isWatched: this.isWatched(sentinelId) };
    this.#present.set(sentinelId, present);
    present.producers.add(producer);
    if (present.isWatched) producer.setWatched(true);
    this.#sentinels.set(sentinelId, { ...sentinel, unobserved: this.sentinelOf(sentinelId)?.unobserved });
    return () => {
      present.producers.delete(producer);
      if (present.producers.size > 0 || this.#present.get(sentinelId) !== present) return;
      this.#present.delete(sentinelId);
      this.#last.delete(sentinelId);
      this.#sentinels.delete(sentinelId);
    };
  }

  /** Renames a sentinel that is connected to this replica. */
  rename(sentinelId: string, name: string): void {
    const sentinel = this.sentinelOf(sentinelId);
    if (sentinel !== null && this.#present.has(sentinelId)) this.#sentinels.set(sentinelId, { ...sentinel, name });
  }

  /** Sets since when a sentinel that is connected to this replica has not been observed; null: it is observed. */
  setUnobserved(sentinelId: string, unobserved: Unobserved | null): void {
    if (!this.#present.has(sentinelId)) return;
    const sentinel = this.sentinelOf(sentinelId);
    const { sinceMs, reason } = sentinel?.unobserved ?? {};
    if (sentinel === null || (sinceMs === unobserved?.sinceMs && reason === unobserved?.reason)) return;
    this.#sentinels.set(sentinelId, { ...sentinel, unobserved: unobserved ?? undefined });
  }

  /** Whether a proctor on any replica watches it. */
  isWatched(sentinelId: string): boolean {
    return this.#watchers.has(sentinelId) || this.#watches.elsewhere(sentinelId).length > 0;
  }

  /** Delivers frames of a sentinel that is connected to this replica. */
  publish(sentinelId: string, frames: readonly LiveFrame[]): void {
    if (!this.#present.has(sentinelId)) return;
    this.#last.keep(sentinelId, frames);
    this.#watchers.deliver(sentinelId, frames);
    for (const replicaId of this.#watches.elsewhere(sentinelId)) {
      for (const message of relayedFrames(frames)) this.#send(replicaId, sentinelId, message, false);
    }
  }

  /** Removes the last frames, so that proctors who begin to watch do not get them. */
  forgetLast(sentinelId: string): void {
    this.#last.delete(sentinelId);
  }

  /** Delivers the last frames at once, then every new one. @returns stops watching. */
  watch(sentinelId: string, watcher: Watcher): () => void {
    const isHere = this.#present.has(sentinelId);
    this.#watchers.add(sentinelId, watcher, !isHere);
    this.#watches.set(sentinelId, {});
    const last = isHere ? this.#last.of(sentinelId) : [];
    if (last.length > 0) watcher(last);
    // After the roster's own message, so that the replica which has the sentinel sends every frame after the last ones.
    if (!isHere) {
      setImmediate(() => this.#sendControl({ kind: 'wanted', sentinelId, replicaId: this.#options.replicaId }));
    }
    return () => {
      if (this.#watchers.remove(sentinelId, watcher)) this.#watches.delete(sentinelId);
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

  #updateWatched(sentinelIds: Iterable<string>): void {
    for (const sentinelId of sentinelIds) {
      const present = this.#present.get(sentinelId);
      const isWatched = this.isWatched(sentinelId);
      if (present === undefined || isWatched === present.isWatched) continue;
      present.isWatched = isWatched;
      for (const producer of present.producers) producer.setWatched(isWatched);
    }
  }

  #send(replicaId: string, sentinelId: string, frames: LiveFrame[], again: boolean): void {
    this.#options.bus.publish(topics.liveFrames, [replicaId], { sentinelId, frames, again });
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
    const last = relayedLastFrames(this.#last.of(control.sentinelId));
    if (last !== null) this.#send(control.replicaId, control.sentinelId, last, true);
  }
}
