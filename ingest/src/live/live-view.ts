import { profileMaxSidePx } from '@invigil/protocol';
import type { LiveFrame, LiveProfile } from '@invigil/protocol';
import type { Bus, Subscription } from '../bus/bus.ts';
import { subject } from '../bus/subject.ts';
import { Roster } from '../realtime/roster.ts';
import type { Listed } from '../realtime/roster.ts';

/** One who is watched. */
export interface Sentinel {
  examId: string | null;
  name: string;
}

/** A connection of a sentinel to this replica. */
export interface Producer {
  /** The longest side that its pictures should have from now on, pixels. */
  setResolution(maxSidePx: number): void;
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
}

interface Watched {
  watchers: Set<(frames: readonly LiveFrame[]) => void>;
  subscription: Subscription;
}

type Control =
  | { kind: 'wanted'; sentinelId: string; replicaId: string }
  | { kind: 'resolution'; sentinelId: string; maxSidePx: number };

const controlSubject = 'live.control';
/** A message of the bus must stay under 1 MB (NATS); a picture above it is seen on its own replica alone. */
const maxBusPictureChars = 1_000_000;

/** Pictures that are kept for those who come to watch. Beyond it the newest are seen, and not kept. */
const maxKeptPictureChars = 256_000_000;

const framesSubject = (sentinelId: string): string => subject('live', 'frames', sentinelId);

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
  readonly #watched = new Map<string, Watched>();
  readonly #control: Subscription;
  #keptPictureChars = 0;

  constructor(options: LiveViewOptions) {
    const { bus } = options;
    this.#options = options;
    this.#sentinels = new Roster({ ...options, name: 'sentinels' });
    this.#watches = new Roster({ ...options, name: 'watches' });
    this.#control = bus.subscribe(controlSubject, (message) => this.#controlled(message as unknown as Control));
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

  /** The last picture, where this replica has one. */
  lastPictureOf(sentinelId: string): string | null {
    return this.#present.get(sentinelId)?.lastPicture?.data ?? null;
  }

  /** A sentinel's connection is there. @returns what to call when it is gone; others of the same sentinel stay. */
  join(sentinelId: string, sentinel: Sentinel, producer: Producer): () => void {
    const present = this.#present.get(sentinelId) ?? { producers: new Set(), last: null, lastPicture: null };
    this.#present.set(sentinelId, present);
    present.producers.add(producer);
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
    return this.#watched.has(sentinelId) || this.#watches.isElsewhere(sentinelId);
  }

  /** Frames of a sentinel that is connected here. */
  publish(sentinelId: string, frames: readonly LiveFrame[]): void {
    const present = this.#present.get(sentinelId);
    const last = frames.at(-1);
    if (present === undefined || last === undefined) return;
    present.last = last.data === null ? last : null;
    const picture = frames.findLast(({ data }) => data !== null);
    if (picture !== undefined) this.#keep(present, picture);
    if (!this.#watches.isElsewhere(sentinelId)) return this.#deliver(sentinelId, frames);
    const { bus } = this.#options;
    const own = frames.filter(({ data }) => data !== null && data.length > maxBusPictureChars);
    if (own.length > 0) this.#deliver(sentinelId, own);
    // The bus brings them to the watchers here as well; a picture is a message of its own.
    const numbers = frames.filter(({ data }) => data === null);
    if (numbers.length > 0) bus.publish(framesSubject(sentinelId), { frames: numbers });
    for (const frame of frames) {
      if (frame.data !== null && !own.includes(frame)) bus.publish(framesSubject(sentinelId), { frames: [frame] });
    }
  }

  /** Brings the last frame at once, then every new one. @returns the way to stop. */
  watch(sentinelId: string, watcher: (frames: readonly LiveFrame[]) => void): () => void {
    const watched = this.#watched.get(sentinelId) ?? this.#beginToWatch(sentinelId);
    watched.watchers.add(watcher);
    const present = this.#present.get(sentinelId);
    const last = present === undefined ? [] : lastOf(present);
    if (last.length > 0) watcher(last);
    if (present === undefined) void watched.subscription.ready.then(() => this.#ask(sentinelId));
    return () => {
      watched.watchers.delete(watcher);
      if (watched.watchers.size > 0 || this.#watched.get(sentinelId) !== watched) return;
      this.#watched.delete(sentinelId);
      this.#watches.delete(sentinelId);
      watched.subscription.close();
    };
  }

  setProfile(sentinelId: string, profile: LiveProfile): void {
    this.#tell({ kind: 'resolution', sentinelId, maxSidePx: profileMaxSidePx[profile] });
  }

  close(): void {
    this.#sentinels.close();
    this.#watches.close();
    this.#control.close();
    for (const { subscription } of this.#watched.values()) subscription.close();
  }

  #keep(present: Present, picture: LiveFrame | null): void {
    const sizeOf = (frame: LiveFrame | null): number => frame?.data?.length ?? 0;
    this.#keptPictureChars -= sizeOf(present.lastPicture);
    present.lastPicture = this.#keptPictureChars + sizeOf(picture) > maxKeptPictureChars ? null : picture;
    this.#keptPictureChars += sizeOf(present.lastPicture);
  }

  #beginToWatch(sentinelId: string): Watched {
    const { bus, replicaId } = this.#options;
    const subscription = bus.subscribe(framesSubject(sentinelId), (message) => {
      const { frames, to } = message as { frames: LiveFrame[]; to?: string };
      if (to === undefined || to === replicaId) this.#deliver(sentinelId, frames);
    });
    const watched: Watched = { watchers: new Set(), subscription };
    this.#watched.set(sentinelId, watched);
    this.#watches.set(sentinelId, {});
    return watched;
  }

  #deliver(sentinelId: string, frames: readonly LiveFrame[]): void {
    const watched = this.#watched.get(sentinelId);
    if (watched === undefined) return;
    for (const watcher of watched.watchers) watcher(frames);
  }

  #ask(sentinelId: string): void {
    this.#tell({ kind: 'wanted', sentinelId, replicaId: this.#options.replicaId });
  }

  #tell(control: Control): void {
    this.#options.bus.publish(controlSubject, control);
  }

  #controlled(control: Control): void {
    const present = this.#present.get(control.sentinelId);
    if (present === undefined) return;
    if (control.kind === 'resolution') {
      for (const producer of present.producers) producer.setResolution(control.maxSidePx);
      return;
    }
    const frames = lastOf(present).filter(({ data }) => data === null || data.length <= maxBusPictureChars);
    if (frames.length === 0) return;
    this.#options.bus.publish(framesSubject(control.sentinelId), { frames, to: control.replicaId });
  }
}

const lastOf = ({ last, lastPicture }: Present): LiveFrame[] => [lastPicture, last].filter((frame) => frame !== null);
