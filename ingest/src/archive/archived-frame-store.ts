import { LRUCache } from 'lru-cache';
import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import { arrivalsOf } from '../frames/arrivals.ts';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { messagesBefore, startPosition } from '../frames/frame-store.ts';
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
import { archivedStream } from './block-line.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';
import { framesByTime } from './frames-by-time.ts';
import type { FramePiece } from './frames-by-time.ts';

export interface ArchivedFrameStoreOptions {
  hot: HotFrameStore;
  archive: FrameArchive;
  codec: BlockCodec;
  /** Called when a session has frames that will have to move to the archive. */
  onStored: (sessionId: string) => void;
  /** What the records know of the frames; default: nothing. */
  recorded?: RecordedFrames;
}

/** What the records keep of a session's frames, to find out that the frame store lost some. */
export interface RecordedFrames {
  /** Frames that the store had at the last checkpoint, and whether the session is old enough to have blocks. */
  find(sessionId: string): Promise<{ frames: number; mayHaveBlocks: boolean }>;
  /** The store has lost all but some of the frames that `find` returned. @param left frames that are in the store and the archive, and their chain */
  lost(sessionId: string, frames: number, left: Pick<StreamState, 'frames' | 'chain'>): Promise<void>;
}

const unrecorded: RecordedFrames = {
  find: async () => ({ frames: 0, mayHaveBlocks: true }),
  lost: async () => undefined,
};

/** Far above the number of sessions in one process. */
const maxKnown = 20_000;

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
  readonly #recorded: RecordedFrames;
  /** In which epoch of the store a session's frames were found complete. */
  readonly #epochs = new LRUCache<string, number>({ max: maxKnown });

  constructor({ hot, archive, codec, onStored, recorded = unrecorded }: ArchivedFrameStoreOptions) {
    this.#hot = hot;
    this.#archive = archive;
    this.#codec = codec;
    this.#onStored = onStored;
    this.#recorded = recorded;
    hot.onMissing((sessionId) => this.#recover(sessionId));
  }

  async openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    const isResumed = this.#isComplete(sessionId) ? false : await this.#complete(sessionId);
    return withFirst(await this.#hot.openStream(sessionId), isResumed);
  }

  async append(sessionId: string, intake: FrameIntake): Promise<AppendResult> {
    const isResumed = this.#isComplete(sessionId) ? false : await this.#complete(sessionId);
    const result = withFirst(await this.#hot.append(sessionId, intake), isResumed);
    if (result.status === 'stored' && result.stored.length > 0) this.#onStored(sessionId);
    return result;
  }

  async appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    const isResumed = this.#isComplete(sessionId) ? false : await this.#complete(sessionId);
    const result = withFirst(await this.#hot.appendNext(sessionId, frame), isResumed);
    if (result.status === 'stored') this.#onStored(sessionId);
    return result;
  }

  stateOf(sessionId: string): Promise<StreamState> {
    return this.#hot.stateOf(sessionId);
  }

  /** The end reads and then removes all frames, so it looks for those that the store lost, whatever was known before. */
  async seal(sessionId: string, atMs: number): Promise<void> {
    await this.#recover(sessionId);
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
    const { arrivals: until } = await this.#hot.stateOf(sessionId);
    const reader = await this.#reader(sessionId);
    if (reader === null) return;
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
    this.#epochs.delete(sessionId);
    await this.#archive.clear(sessionId);
    await removeFromStore();
    // A block may have been written in between. A later one is removed again by its writer, who finds no stream.
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

  #isComplete(sessionId: string): boolean {
    return this.#epochs.get(sessionId) === this.#hot.epoch();
  }

  /** Before a session is written to: whether its stream was lost, and now continues after its archived frames. */
  async #complete(sessionId: string): Promise<boolean> {
    const epoch = this.#hot.epoch();
    const isResumed = await this.#recover(sessionId);
    this.#epochs.set(sessionId, epoch);
    return isResumed;
  }

  /**
   * Compares the store with the records. If the store has lost frames, the stream continues after those in the archive, and the others are recorded as lost.
   * Must come before the next frame is stored: it would begin the stream again.
   */
  async #recover(sessionId: string): Promise<boolean> {
    // In this order: the store never has fewer frames than were recorded before, unless it lost some.
    const { frames, mayHaveBlocks } = await this.#recorded.find(sessionId);
    const state = await this.#hot.stateOf(sessionId);
    const isEmpty = messagesBefore(state.arrivals) === 0;
    if (frames <= state.frames && !(isEmpty && mayHaveBlocks)) return false;
    const archived = archivedStream(await this.#archive.list(sessionId));
    const isResumed = archived !== null && (await this.#hot.resume(sessionId, archived));
    if (isResumed) this.#onStored(sessionId);
    const left = await this.#hot.stateOf(sessionId);
    if (left.frames < frames && !left.isSealed) await this.#recorded.lost(sessionId, frames, left);
    return isResumed;
  }

  async #reader(sessionId: string): Promise<ArchiveReader | null> {
    let archived = await this.#hot.archivedTo(sessionId);
    // The store may have lost the session.
    if (archived === null && (await this.#recover(sessionId))) archived = await this.#hot.archivedTo(sessionId);
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
