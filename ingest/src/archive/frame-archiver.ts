import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { messagesBefore } from '../frames/frame-store.ts';
import type { HotFrameStore } from '../frames/hot-frame-store.ts';
import { isoTime } from '../time/iso-time.ts';
import type { BlockCodec } from './block-codec.ts';
import { blockLine, branchName, isOfGeneration } from './block-line.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';
import { frameIdsOf, takeBlock } from './take-block.ts';
import type { TakenBlock } from './take-block.ts';

export interface FrameArchiverOptions {
  store: HotFrameStore;
  archive: FrameArchive;
  codec: BlockCodec;
  /** Identifies this process among those that share the store. */
  owner: string;
  /** How old a frame in the store becomes before it moves. */
  retentionMs: number;
  /** Ids of sessions that may have frames in the store, ascending, after one of them. */
  openSessions: (after: string, limit: number) => Promise<string[]>;
  /** Those of the sessions that have frames; blocks of others are left over from an interrupted removal. */
  withFrames: (sessionIds: readonly string[]) => Promise<string[]>;
  /** Sessions archived at the same time: while one waits for the network or the disk, another one continues. */
  concurrency: number;
  /** From 0 to 1. Spreads the sessions of an exam, whose frames all begin at the same moment. */
  random: () => number;
  onArchived: (frames: number, bytes: number) => void;
  onFailed: (error: unknown) => void;
  /** The store went back to an older state, and messages came before this was noticed. @param frames archived frames that are not part of the session any more */
  onForked: (sessionId: string, frames: number) => Promise<void>;
  log: Logger;
  now: () => number;
}

/** Usually longer than it takes to compress and store a block. If two replicas store the same one, the first stays. */
const claimMs = 30_000;
const mostTickMs = 1000;
const mostRetryMs = 10_000;
const mostSpreadMs = 60_000;
/** Finds sessions whose replica is gone, and left-over blocks. */
const sweepEveryMs = 600_000;
const sweepPage = 500;

interface Scheduled {
  /** When its oldest frame reaches the retention, milliseconds; null if that is not known yet. */
  dueMs: number | null;
  /** Not before this time: after a failure, or if many sessions were found at once. */
  retryMs: number;
}

/**
 * Moves frames to the archive before they become older than the retention: every message in the older half of that time, in blocks. A block is
 * durable before its frames leave the store, so a crash in between leaves the frames in both places, and the next attempt removes them from
 * the store. While the archive is unavailable, frames stay in the store.
 */
export class FrameArchiver {
  readonly #options: FrameArchiverOptions;
  /** Sessions with frames in the store. */
  readonly #sessions = new Map<string, Scheduled>();
  readonly #running = new Map<string, Promise<void>>();
  /** Sessions found due by the last scan and not started yet. */
  #due: string[] = [];
  #timers: NodeJS.Timeout[] = [];
  #sweeping: Promise<void> | null = null;
  #failingSinceMs: number | null = null;
  #closed = false;

  constructor(options: FrameArchiverOptions) {
    this.#options = options;
  }

  start(): void {
    const tickMs = Math.min(mostTickMs, this.#options.retentionMs / 4);
    const sweep = (): void => {
      this.#sweeping ??= this.sweep()
        .catch((error: unknown) => this.#options.log.warn({ event: 'archive.sweep_failed', error }))
        .finally(() => (this.#sweeping = null));
    };
    this.#timers = [setInterval(() => this.#tick(), tickMs).unref(), setInterval(sweep, sweepEveryMs).unref()];
    sweep();
  }

  /** The session has frames in the store. */
  stored(sessionId: string): void {
    if (this.#sessions.has(sessionId)) return;
    const { now, retentionMs, random } = this.#options;
    // Between half of the retention, before which nothing can move, and the whole of it.
    this.#schedule(sessionId, now() + retentionMs * (1 - random() / 2));
  }

  /** How much longer than the retention the oldest frame has been in the store, milliseconds; 0 if none is overdue. */
  lagMs(): number {
    const nowMs = this.#options.now();
    let lagMs = 0;
    for (const { dueMs } of this.#sessions.values()) lagMs = Math.max(lagMs, nowMs - (dueMs ?? nowMs));
    return lagMs;
  }

  /** Since when every attempt has failed, ISO 8601; null if the last one did not. */
  failingSince(): string | null {
    return this.#failingSinceMs === null ? null : isoTime(this.#failingSinceMs);
  }

  /** Archives what is due now. Resolves when it is done. */
  async archiveDue(): Promise<void> {
    this.#tick();
    while (this.#running.size > 0) {
      await Promise.all(this.#running.values());
      if (this.#running.size === 0) this.#tick();
    }
  }

  /**
   * Schedules the sessions of replicas that are gone, spread over up to a minute: a crash can leave thousands, whose students reconnect at the
   * same time. Removes blocks of sessions that are over.
   */
  async sweep(): Promise<void> {
    const { openSessions, withFrames, archive, now, random, retentionMs } = this.#options;
    const spreadMs = Math.min(retentionMs / 2, mostSpreadMs);
    for await (const sessionIds of this.#pages(openSessions)) {
      for (const sessionId of sessionIds) {
        if (!this.#sessions.has(sessionId)) this.#schedule(sessionId, null, now() + random() * spreadMs);
      }
    }
    for await (const sessionIds of this.#pages((after, limit) => archive.sessions(after, limit))) {
      const kept = new Set(await withFrames(sessionIds));
      for (const sessionId of sessionIds) if (!kept.has(sessionId)) await archive.clear(sessionId);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#running.values(), this.#sweeping]);
  }

  #schedule(sessionId: string, dueMs: number | null, retryMs = 0): void {
    this.#sessions.set(sessionId, { dueMs, retryMs });
  }

  async *#pages(page: (after: string, limit: number) => Promise<string[]>): AsyncGenerator<string[]> {
    for (let after = ''; !this.#closed;) {
      const sessionIds = await page(after, sweepPage);
      yield sessionIds;
      const last = sessionIds.at(-1);
      if (last === undefined || sessionIds.length < sweepPage) return;
      after = last;
    }
  }

  /** Scans every session, so only the timer calls it. */
  #tick(): void {
    this.#due = [...this.#sessions.keys()].filter((sessionId) => this.#isDue(sessionId)).toReversed();
    this.#runDue();
  }

  #runDue(): void {
    while (!this.#closed && this.#running.size < this.#options.concurrency) {
      const sessionId = this.#due.pop();
      if (sessionId === undefined) return;
      if (!this.#isDue(sessionId)) continue;
      const running = this.#run(sessionId).finally(() => {
        this.#running.delete(sessionId);
        // The next session need not wait for the timer.
        this.#runDue();
      });
      this.#running.set(sessionId, running);
    }
  }

  #isDue(sessionId: string): boolean {
    const { dueMs, retryMs } = this.#sessions.get(sessionId) ?? { dueMs: Infinity, retryMs: 0 };
    return Math.max(dueMs ?? 0, retryMs) <= this.#options.now() && !this.#running.has(sessionId);
  }

  async #run(sessionId: string): Promise<void> {
    const { store, owner, onFailed, now, retentionMs } = this.#options;
    try {
      const dueMs = await this.#archive(sessionId);
      this.#failingSinceMs = null;
      if (dueMs === null) this.#sessions.delete(sessionId);
      else this.#schedule(sessionId, dueMs);
    } catch (error) {
      onFailed(error);
      this.#failingSinceMs ??= now();
      const dueMs = this.#sessions.get(sessionId)?.dueMs ?? now();
      this.#schedule(sessionId, dueMs, now() + Math.min(mostRetryMs, retentionMs / 2));
    } finally {
      // It expires in any case.
      await store.releaseArchiving(sessionId, owner).catch(() => undefined);
    }
  }

  /** @returns when the session is due again; null if the store has nothing of it */
  async #archive(sessionId: string): Promise<number | null> {
    const { store, owner, now, retentionMs } = this.#options;
    while (!this.#closed) {
      if (!(await store.claimArchiving(sessionId, owner, claimMs))) break;
      const archived = await store.archivedTo(sessionId);
      if (archived === null) return null;
      const next = await takeBlock(store, sessionId, archived, now() - retentionMs / 2);
      if (next.status === 'wait') return next.receivedMs === null ? null : next.receivedMs + retentionMs;
      await this.#move(sessionId, next.taken);
    }
    // Another process archives it, or was killed while it did: then its claim ends soon.
    return now() + Math.min(claimMs, retentionMs / 2);
  }

  async #move(sessionId: string, { info, block }: TakenBlock): Promise<void> {
    const { store, codec, onArchived } = this.#options;
    const body = await codec.encode(block);
    const { stored, isForked } = await this.#put(sessionId, info, body);
    // First, because it can be repeated, and nothing would report the fork after the removal.
    if (isForked) await this.#reportFork(sessionId, info.generation, stored);
    const result = await store.removeArchived(sessionId, info.generation, stored, frameIdsOf(stored));
    if (result === 'gone') return await this.#clearIfOver(sessionId);
    if (result === 'removed') onArchived(stored.frames, body.length);
  }

  /**
   * The archive may have another block with the same beginning. Usually it has the same messages: its writer was killed before it removed them from the
   * store. But if the store went back to an older state, other messages may have come since. Then the session continues on a branch.
   */
  async #put(sessionId: string, info: BlockInfo, body: Buffer): Promise<{ stored: BlockInfo; isForked: boolean }> {
    const { archive } = this.#options;
    for (let branch = 0; ; branch += 1) {
      const sent = { ...info, generation: branchName(info.generation, branch) };
      const stored = await archive.put(sessionId, sent, body);
      if (isDeepStrictEqual(stored, sent) || (await this.#isOfSession(sessionId, stored))) {
        return { stored, isForked: branch > 0 };
      }
    }
  }

  /** Whether the messages of this block are those of the session: the store has them, or another process has removed them meanwhile. */
  async #isOfSession(sessionId: string, stored: BlockInfo): Promise<boolean> {
    if (await this.#isInStore(sessionId, stored)) return true;
    // After the look into the store. If they were removed, or the session is gone, `removeArchived` changes nothing.
    const archived = await this.#options.store.archivedTo(sessionId);
    if (archived === null || !isOfGeneration(stored, archived.generation)) return true;
    return messagesBefore(archived.position) !== messagesBefore(stored.from);
  }

  /** Whether the store has the messages of this block. */
  async #isInStore(sessionId: string, { to, from, end }: BlockInfo): Promise<boolean> {
    const { store } = this.#options;
    // Blocks of earlier servers do not tell.
    if (end === undefined) return true;
    if (end.head !== null) {
      const [last] = (await store.linksFrom(sessionId, to.links - 1)) ?? [];
      if (last?.link !== end.head) return false;
    }
    if (to.unnumbered === from.unnumbered) return true;
    const [frame] = await store.frames(sessionId, [`srv-${to.unnumbered - 1}`]);
    return frame !== undefined && frame.received_at <= end.receivedMs;
  }

  /** Messages of other branches were stored once, and are not in the session any more. */
  async #reportFork(sessionId: string, generation: string, { to }: BlockInfo): Promise<void> {
    const { archive, onForked } = this.#options;
    const blocks = (await archive.list(sessionId)).filter((block) => isOfGeneration(block, generation));
    const line = new Set(blockLine(blocks, generation, to));
    const frames = blocks.reduce((total, block) => total + (line.has(block) ? 0 : block.frames), 0);
    await onForked(sessionId, frames);
  }

  /**
   * The store has nothing of the session. If it ended or was erased in the meantime, its blocks are removed; if the store lost it, they are all
   * that is left.
   */
  async #clearIfOver(sessionId: string): Promise<void> {
    const { withFrames, archive } = this.#options;
    if ((await withFrames([sessionId])).length === 0) await archive.clear(sessionId);
  }
}
