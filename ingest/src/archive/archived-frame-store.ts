import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import { arrivalsOf } from '../frames/arrivals.ts';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { startPosition } from '../frames/frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  ArrivalPosition,
  FrameIntake,
  FrameStore,
  RefusedCount,
  RefusedFrames,
  StreamState,
  UnnumberedFrame,
} from '../frames/frame-store.ts';
import type { HotFrameStore, IndexedFrame } from '../frames/hot-frame-store.ts';
import { positionOf } from '../frames/frame-text.ts';
import type { FramePosition, FrameText } from '../frames/frame-text.ts';
import { ArchiveReader, coveredBy } from './archive-reader.ts';
import type { BlockCodec } from './block-codec.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';
import { framesByTime } from './frames-by-time.ts';
import type { FramePiece } from './frames-by-time.ts';
import { StreamRecovery } from './stream-recovery.ts';
import type { RecordedFrames } from './stream-recovery.ts';

export interface ArchivedFrameStoreOptions {
  hot: HotFrameStore;
  archive: FrameArchive;
  codec: BlockCodec;
  /** Called when a session has frames that will have to move to the archive. */
  onStored: (sessionId: string) => void;
  /** What the records know of the frames; default: nothing. */
  recorded?: RecordedFrames;
}

const unrecorded: RecordedFrames = {
  find: async () => ({ frames: 0, mayHaveBlocks: true }),
  lost: async () => undefined,
};

/** How to read frames, parsed or as text. */
interface FrameLoading<Frame> {
  ofBlock: (reader: ArchiveReader, info: BlockInfo) => Promise<Frame[]>;
  ofIndex: (reader: ArchiveReader, part: readonly IndexedFrame[]) => Promise<Frame[]>;
}

/** Frames of the index read as one piece. */
const pieceFrames = 250;

/**
 * A frame store whose older frames are in an archive. Readers get the frames of both, each once, in the same order as without an archive.
 *
 * Frames may move while they are read, always from the store to the archive. So a reader looks into the store first, and then looks for what it
 * no longer found there in the archive.
 */
export class ArchivedFrameStore implements FrameStore {
  readonly #hot: HotFrameStore;
  readonly #archive: FrameArchive;
  readonly #codec: BlockCodec;
  readonly #onStored: (sessionId: string) => void;
  readonly #recovery: StreamRecovery;

  constructor({ hot, archive, codec, onStored, recorded = unrecorded }: ArchivedFrameStoreOptions) {
    this.#hot = hot;
    this.#archive = archive;
    this.#codec = codec;
    this.#onStored = onStored;
    this.#recovery = new StreamRecovery({ hot, archive, recorded, onResumed: onStored });
    hot.onMissing((sessionId) => this.#recovery.shared(sessionId));
  }

  async openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    const wasComplete = this.#recovery.isComplete(sessionId);
    const isResumed = wasComplete ? false : await this.#recovery.complete(sessionId);
    const opened = withFirst(await this.#hot.openStream(sessionId), isResumed);
    // The store has lost the session without closing the connection. The new stream has no message yet, so it can still continue the old one.
    if (!wasComplete || !opened.first || !(await this.#recovery.complete(sessionId))) return opened;
    return withFirst(await this.#hot.openStream(sessionId), true);
  }

  async append(sessionId: string, intake: FrameIntake): Promise<AppendResult> {
    const wasComplete = this.#recovery.isComplete(sessionId);
    const isResumed = wasComplete ? false : await this.#recovery.complete(sessionId);
    let result = withFirst(await this.#hot.append(sessionId, intake), isResumed);
    // The same for a message without frames, which can be repeated. Frames are not stored before the store has looked, see `onMissing`.
    const beganEmpty = result.status === 'stored' && result.first && result.stored.length === 0;
    if (wasComplete && beganEmpty && (await this.#recovery.complete(sessionId))) {
      result = withFirst(await this.#hot.append(sessionId, intake), true);
    }
    if (result.status === 'stored' && result.stored.length > 0) this.#onStored(sessionId);
    return result;
  }

  async appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    const isResumed = this.#recovery.isComplete(sessionId) ? false : await this.#recovery.complete(sessionId);
    const result = withFirst(await this.#hot.appendNext(sessionId, frame), isResumed);
    if (result.status === 'stored') this.#onStored(sessionId);
    return result;
  }

  stateOf(sessionId: string): Promise<StreamState> {
    return this.#hot.stateOf(sessionId);
  }

  /** The end reads and then removes all frames, so it looks for those that the store lost, whatever was known before. */
  async seal(sessionId: string, atMs: number): Promise<void> {
    await this.#recovery.now(sessionId);
    await this.#hot.seal(sessionId, atMs);
  }

  refuse(sessionId: string, frames: RefusedFrames): Promise<RefusedCount> {
    return this.#hot.refuse(sessionId, frames);
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    return this.#byTime(sessionId, fromMs, {
      ofBlock: (reader, info) => reader.framesOf(info),
      ofIndex: (reader, part) =>
        this.#frames(
          sessionId,
          reader,
          part.map(({ frameId }) => frameId),
        ),
    });
  }

  readTexts(sessionId: string): AsyncIterable<FrameText[]> {
    return this.#byTime(sessionId, 0, {
      ofBlock: async (reader, info) => (await reader.open(info)).texts,
      ofIndex: async (reader, part) => {
        const here = await this.#hot.texts(sessionId, part);
        const ids = part.map(({ frameId }) => frameId);
        const moved = await this.#archived(reader, ids, here);
        return [...here, ...moved.map((frame) => ({ ...positionOf(frame), text: JSON.stringify(frame) }))];
      },
    });
  }

  async *#byTime<Frame extends FramePosition>(
    sessionId: string,
    fromMs: number,
    { ofBlock, ofIndex }: FrameLoading<Frame>,
  ): AsyncIterable<Frame[]> {
    const index: IndexedFrame[] = [];
    for await (const page of this.#hot.index(sessionId, fromMs)) index.push(...page);
    const reader = await this.#reader(sessionId);
    if (reader === null) return;
    const blocks = await reader.blocks();
    // Frames in both were archived after the index was read.
    const isArchived = coveredBy(blocks);
    const isWanted = ({ timestamp }: Frame): boolean => timestamp >= fromMs;
    const pieces: FramePiece<Frame>[] = blocks
      .filter(({ maxMs }) => maxMs >= fromMs)
      .map((info) => ({ minMs: info.minMs, load: async () => (await ofBlock(reader, info)).filter(isWanted) }));
    for (let from = 0; from < index.length; from += pieceFrames) {
      const part = index.slice(from, from + pieceFrames);
      const load = (): Promise<Frame[]> =>
        ofIndex(
          reader,
          part.filter(({ frameId }) => !isArchived(frameId)),
        );
      pieces.push({ minMs: part[0]?.timestamp ?? 0, load });
    }
    yield* framesByTime(pieces);
  }

  async *arrivals(sessionId: string, from: ArrivalPosition = startPosition): AsyncIterable<ArrivalGroup> {
    const reader = await this.#reader(sessionId);
    if (reader === null) return;
    // After the reader, which may have continued a lost stream.
    const { arrivals: until } = await this.#hot.stateOf(sessionId);
    yield* arrivalsOf(
      {
        links: (place) => this.#links(sessionId, reader, place),
        frames: (ids) => this.#frames(sessionId, reader, ids),
        until,
      },
      from,
    );
  }

  async *links(sessionId: string): AsyncIterable<ChainLink[]> {
    const reader = await this.#reader(sessionId);
    if (reader !== null) yield* this.#links(sessionId, reader, 0);
  }

  clear(sessionId: string): Promise<void> {
    return this.#remove(sessionId, () => this.#hot.clear(sessionId));
  }

  retire(sessionId: string, atMs: number): Promise<void> {
    return this.#remove(sessionId, () => this.#hot.retire(sessionId, atMs));
  }

  /** In this order: blocks without a stream are removed later, but a stream without its blocks would miss frames. */
  async #remove(sessionId: string, removeFromStore: () => Promise<void>): Promise<void> {
    this.#recovery.forget(sessionId);
    await this.#archive.clear(sessionId);
    await removeFromStore();
    // A block may have been written in between. A later one is removed by its writer, who finds no stream, or by the next sweep.
    await this.#archive.clear(sessionId);
  }

  check(): Promise<void> {
    return this.#hot.check();
  }

  /** Close the archiver first. */
  async close(): Promise<void> {
    try {
      await this.#codec.close();
    } finally {
      await this.#hot.close();
    }
  }

  async #reader(sessionId: string): Promise<ArchiveReader | null> {
    let archived = await this.#hot.archivedTo(sessionId);
    // The store may have lost the session.
    if (archived === null && (await this.#recovery.shared(sessionId))) archived = await this.#hot.archivedTo(sessionId);
    if (archived === null) return null;
    return new ArchiveReader(this.#archive, this.#codec, sessionId, () => this.#hot.archivedTo(sessionId));
  }

  /** Stored frames by id, from wherever they are now. */
  async #frames(sessionId: string, reader: ArchiveReader, frameIds: readonly string[]): Promise<StoredFrame[]> {
    const here = await this.#hot.frames(sessionId, frameIds);
    return [...here, ...(await this.#archived(reader, frameIds, here))];
  }

  /** The requested frames that have left the store. @param here the frames found in the store */
  async #archived(
    reader: ArchiveReader,
    frameIds: readonly string[],
    here: readonly FramePosition[],
  ): Promise<StoredFrame[]> {
    if (here.length === frameIds.length) return [];
    const found = new Set(here.map(({ frame_id }) => frame_id));
    const missing = frameIds.filter((frameId) => !found.has(frameId));
    const archived = await reader.frames(missing);
    if (archived.length === missing.length) return archived;
    // They moved after the blocks were listed.
    reader.refresh();
    return reader.frames(missing);
  }

  async *#links(sessionId: string, reader: ArchiveReader, fromPlace: number): AsyncGenerator<ChainLink[]> {
    for (let place = fromPlace; ;) {
      const links = (await this.#hot.linksFrom(sessionId, place)) ?? (await reader.links(place));
      if (links.length === 0) return;
      yield links;
      place += links.length;
    }
  }
}

/** A stream that was resumed was not in the store before. */
const withFirst = <Result extends object>(result: Result, isResumed: boolean): Result =>
  isResumed && 'first' in result ? { ...result, first: true } : result;
