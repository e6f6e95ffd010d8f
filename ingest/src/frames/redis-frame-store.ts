import { LRUCache } from 'lru-cache';
import { sentText, startChain } from '@invigil/protocol/frame';
import type { ChainState, StoredFrame } from '@invigil/protocol/frame';
import { frameStoreUnavailable, tooManyGaps } from '../model/ingest-error.ts';
import { commandTimeoutMs } from '../redis/command-deadline.ts';
import { linkOfTexts, makeNonce } from './chain-hash.ts';
import { appendArguments } from './append-arguments.ts';
import type { StreamLifetimes } from './append-arguments.ts';
import { frameKeys, streamKeys } from './frame-keys.ts';
import type { FrameKeys } from './frame-keys.ts';
import type { FrameNode, FrameRedis } from './frame-redis.ts';
import { maxGaps } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  FrameIntake,
  RefusedCount,
  RefusedFrames,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import type { ArrivalSpan, HotFrameStore, RemovalResult } from './hot-frame-store.ts';
import { chunkFrames } from './read-chunks.ts';
import { RedisFrameReader } from './redis-frame-reader.ts';
import type { ReplicatedWrites } from './replicated-writes.ts';
import type { ResumedStream } from './resumed-stream.ts';
import { flatRanges } from './sealed-stream.ts';
import { byNumber } from './stream.ts';
import { hashOf, parseStreamHash } from './stream-hash.ts';

export interface RedisFrameStoreOptions {
  client: FrameRedis;
  /** Default: the documented names, for a single Redis. */
  keys?: FrameKeys;
  /** Through which frames are stored before they are acknowledged; null: Redis alone must have them. */
  replicated?: ReplicatedWrites<FrameNode> | null;
  frameRetentionSeconds: number;
  /** How long the stream's state outlives its last change; a client may return after its frames have expired. */
  streamRetentionSeconds: number;
  /** How often a connection was established; in a cluster, those to each node count. */
  epoch?: () => number;
  /** After this, a command counts as failed. Redis may still execute it, which is harmless. */
  commandTimeoutMs?: number;
}

/** Far above the number of sessions in one process; an evicted head costs one more round trip. */
const maxCachedHeads = 20_000;
const checkKey = 'check:frames';
/** Each attempt uses the head that the previous refusal returned. The second nearly always succeeds, except under concurrent writers. */
const maxAttempts = 16;

/** Frames in Redis, for any number of replicas. */
export class RedisFrameStore extends RedisFrameReader implements HotFrameStore {
  readonly #client: FrameRedis;
  readonly #lifetimes: StreamLifetimes;
  readonly #epoch: () => number;
  readonly #replicated: ReplicatedWrites<FrameNode> | null;
  /** The last known head of each session's chain. A guess: another replica may have extended the chain. */
  readonly #heads = new LRUCache<string, string>({ max: maxCachedHeads });
  /** Sessions with frames without a number. */
  readonly #unnumbered = new LRUCache<string, true>({ max: maxCachedHeads });
  #onMissing: (sessionId: string) => Promise<boolean> = async () => false;

  constructor(options: RedisFrameStoreOptions) {
    super(options.client, options.keys ?? frameKeys, options.commandTimeoutMs ?? commandTimeoutMs);
    this.#client = options.client;
    this.#epoch = options.epoch ?? (() => 0);
    this.#replicated = options.replicated ?? null;
    this.#lifetimes = {
      frames: String(options.frameRetentionSeconds),
      stream: String(options.streamRetentionSeconds),
    };
  }

  async openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    const nonce = makeNonce();
    const [known, ...fields] = await this.withDeadline(() =>
      this.#client.openStream([this.keys.stream(sessionId)], [nonce, this.#lifetimes.stream]),
    );
    const state = parseStreamHash(hashOf(fields));
    const chain = state.chain ?? startChain(nonce);
    this.#heads.set(sessionId, chain.head);
    return { ...state, chain, first: known === '0' };
  }

  async append(sessionId: string, intake: FrameIntake): Promise<AppendResult> {
    const nonce = makeNonce();
    let frames: readonly StoredFrame[] = byNumber(intake.frames);
    let isResumed = false;
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const known = this.#heads.get(sessionId);
      const previous = known ?? nonce;
      const [status, ...answer] = await this.#appendLinked(sessionId, { ...intake, frames }, nonce, previous);
      if (status === 'sealed') return { status, sealedAtMs: Number(answer[0]) };
      if (status === 'too_many_gaps') throw tooManyGaps(maxGaps);
      if (status === 'stored') {
        const [storedCount, upTo, head = '', first, received, links, unnumbered] = answer;
        this.#rememberHead(sessionId, head);
        // The script stores all frames of the call, or none because all were stored before.
        const stored = storedCount === '0' ? [] : [...frames];
        for (const frame of stored) frame.received_at = Number(received);
        return {
          status,
          stored,
          duplicates: intake.frames.length - stored.length,
          upToSeq: Number(upTo),
          chain: head === '' ? null : head,
          first: isResumed || first === '1',
          position: { links: Number(links), unnumbered: Number(unnumbered) },
        };
      }
      const [head = '', ...newPlaces] = answer;
      this.#rememberHead(sessionId, head);
      if (head === '' && known !== undefined) isResumed = await this.#onMissing(sessionId);
      const isNew = new Set(newPlaces.map(Number));
      frames = frames.filter((_, place) => isNew.has(place));
    }
    throw frameStoreUnavailable('other connections kept extending the chain of this session');
  }

  #write(
    sessionId: string,
    append: (node: Pick<FrameNode, 'appendFrames' | 'appendNextFrame'>) => Promise<string[]>,
  ): Promise<string[]> {
    const replicated = this.#replicated;
    if (replicated === null) return this.withDeadline(() => append(this.#client));
    return this.withDeadline(() =>
      replicated.write(this.keys.stream(sessionId), append, ([status]) => status === 'stored'),
    );
  }

  #rememberHead(sessionId: string, head: string): void {
    if (head === '') this.#heads.delete(sessionId);
    else this.#heads.set(sessionId, head);
  }

  #appendLinked(
    sessionId: string,
    { frames, lost, lossTotals, dropped, chain: expected }: FrameIntake,
    nonce: string,
    previous: string,
  ): Promise<string[]> {
    // The hashed text is nearly the stored text, so serialising each frame once saves a tenth of the work.
    const texts = frames.map(sentText);
    const link = frames.length === 0 ? '' : linkOfTexts(previous, texts);
    // Redis executes commands in order, so the next command can extend this link before its reply arrives.
    if (link !== '') this.#heads.set(sessionId, link);
    const linked = { frames, texts, lost, lossTotals, dropped, previous, link, isConfirmed: link === expected };
    return this.#write(sessionId, (node) =>
      node.appendFrames(
        [...streamKeys(sessionId, this.keys), ...frames.map(({ frame_id }) => this.keys.frame(sessionId, frame_id))],
        appendArguments(linked, nonce, this.#lifetimes),
      ),
    );
  }

  async appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    const answer = await this.#appendNext(sessionId, frame, this.#unnumbered.has(sessionId));
    const isMissing = answer[0] === 'missing';
    if (isMissing) this.#unnumbered.delete(sessionId);
    const isResumed = isMissing && (await this.#onMissing(sessionId));
    const [status, frameId = '', first, received, links, unnumbered] = isMissing
      ? await this.#appendNext(sessionId, frame, false)
      : answer;
    if (status === 'sealed') return { status, sealedAtMs: Number(frameId) };
    this.#unnumbered.set(sessionId, true);
    return {
      status: 'stored',
      frameId,
      receivedAt: Number(received),
      first: isResumed || first === '1',
      position: { links: Number(links), unnumbered: Number(unnumbered) },
    };
  }

  #appendNext(sessionId: string, frame: UnnumberedFrame, mustExist: boolean): Promise<string[]> {
    const { received_at: receivedAt, ...others } = frame;
    return this.#write(sessionId, (node) =>
      node.appendNextFrame(
        [this.keys.stream(sessionId), this.keys.index(sessionId), this.keys.frame(sessionId, '')],
        [
          this.#lifetimes.frames,
          this.#lifetimes.stream,
          String(frame.timestamp),
          String(receivedAt),
          JSON.stringify(others).slice(1),
          mustExist ? '1' : '0',
        ],
      ),
    );
  }

  async seal(sessionId: string, atMs: number): Promise<void> {
    await this.withDeadline(() =>
      this.#client.sealStream([this.keys.stream(sessionId)], [this.#lifetimes.stream, String(atMs)]),
    );
  }

  async refuse(sessionId: string, { seqs, unnumbered }: RefusedFrames): Promise<RefusedCount> {
    const [total, added] = await this.withDeadline(() =>
      this.#client.refuseFrames(
        [this.keys.stream(sessionId)],
        [String(maxGaps), String(unnumbered), ...flatRanges(seqs)],
      ),
    );
    return { total: Number(total), added: Number(added) };
  }

  async removeArchived(
    sessionId: string,
    generation: string,
    { from, to }: ArrivalSpan,
    frameIds: readonly string[],
  ): Promise<RemovalResult> {
    const places = [from.links, from.unnumbered, to.links, to.unnumbered].map(String);
    const [result] = await this.withDeadline(() =>
      this.#client.removeArchived(
        [...streamKeys(sessionId, this.keys), ...frameIds.map((id) => this.keys.frame(sessionId, id))],
        [generation, ...places, ...frameIds],
      ),
    );
    return result as RemovalResult;
  }

  async resume(sessionId: string, { archived, chain, seqs, receivedMs }: ResumedStream): Promise<boolean> {
    const { generation, position } = archived;
    const linked = chain === null ? ['', '', '0', '0'] : [chain.nonce, chain.head, chain.confirmed, chain.frames];
    const [result] = await this.withDeadline(() =>
      this.#client.resumeStream(streamKeys(sessionId, this.keys), [
        this.keys.frame(sessionId, ''),
        this.#lifetimes.stream,
        generation,
        ...[position.links, position.unnumbered, ...linked, receivedMs].map(String),
        ...flatRanges(seqs),
      ]),
    );
    this.#heads.delete(sessionId);
    return result === 'resumed';
  }

  onMissing(listener: (sessionId: string) => Promise<boolean>): void {
    this.#onMissing = listener;
  }

  epoch(): number {
    return this.#epoch();
  }

  async claimArchiving(sessionId: string, owner: string, forMs: number): Promise<boolean> {
    const [isClaimed] = await this.withDeadline(() =>
      this.#client.claimArchive([this.keys.archiver(sessionId)], [owner, String(forMs)]),
    );
    return isClaimed === '1';
  }

  async releaseArchiving(sessionId: string, owner: string): Promise<void> {
    const key = this.keys.archiver(sessionId);
    // Between the two commands the claim may expire and pass to another replica, which only costs duplicate work.
    if ((await this.withDeadline(() => this.#client.get(key))) === owner) {
      await this.withDeadline(() => this.#client.unlink(key));
    }
  }

  async retire(sessionId: string, atMs: number): Promise<void> {
    await this.#deleteFrames(sessionId);
    await this.withDeadline(() =>
      this.#client.retireStream(streamKeys(sessionId, this.keys), [this.#lifetimes.stream, String(atMs)]),
    );
  }

  async clear(sessionId: string): Promise<void> {
    await this.#deleteFrames(sessionId);
    // Delete the seal last, because until then it keeps new frames out.
    await this.withDeadline(() => this.#client.unlink(streamKeys(sessionId, this.keys)));
  }

  async #deleteFrames(sessionId: string): Promise<void> {
    this.#heads.delete(sessionId);
    this.#unnumbered.delete(sessionId);
    const keys = [this.keys.index(sessionId), this.keys.frame(sessionId, '')];
    for (;;) {
      // Runs inside Redis: sending the ids would cost more than the rest of the work.
      const [removed] = await this.withDeadline(() => this.#client.removeFrames(keys, [String(chunkFrames)]));
      if (Number(removed) < chunkFrames) return;
    }
  }

  async check(): Promise<void> {
    // A Redis that is full, or that refuses writes because it cannot save, still answers a ping.
    await this.withDeadline(() => this.#client.set(checkKey, '1', { PX: 1 }));
  }

  async close(): Promise<void> {
    if (this.#client.isReady) await this.#client.close();
    else this.#client.destroy();
  }
}
