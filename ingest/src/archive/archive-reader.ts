import type { SeqRange } from '@invigil/protocol/channels';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { isOfServer, parseText, seqOfId } from '../frames/frame-text.ts';
import type { FrameText } from '../frames/frame-text.ts';
import { messagesBefore, startPosition } from '../frames/frame-store.ts';
import type { ArchivedTo } from '../frames/hot-frame-store.ts';
import { archiveUnavailable, IngestError } from '../model/ingest-error.ts';
import { ThreadFailure } from '../threads/thread-failure.ts';
import { TimeSlice } from '../time/time-slice.ts';
import type { BlockCodec, ReadBlock } from './block-codec.ts';
import { blockLine } from './block-line.ts';
import { blockName } from './frame-archive.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';

/** Whether the block covers the frame: it holds the frame, or the frame was lost before it was archived. */
const covers = ({ seqs, from, to }: BlockInfo, frameId: string): boolean => {
  const number = seqOfId(frameId);
  if (isOfServer(frameId)) return number >= from.unnumbered && number < to.unnumbered;
  return seqs.some(([first, last]) => number >= first && number <= last);
};

/** The same for all blocks of a session, for many frames: it does not search the blocks one by one. */
export const coveredBy = (blocks: readonly BlockInfo[]): ((frameId: string) => boolean) => {
  const ascending = (ranges: SeqRange[]): SeqRange[] => ranges.toSorted(([a], [b]) => a - b);
  const numbered = ascending(blocks.flatMap(({ seqs }) => seqs));
  const unnumbered = ascending(blocks.map(({ from, to }) => [from.unnumbered, to.unnumbered - 1]));
  return (frameId) => {
    const [ranges, number] = [isOfServer(frameId) ? unnumbered : numbered, seqOfId(frameId)];
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]![0] <= number) low = middle + 1;
      else high = middle;
    }
    return number <= (ranges[low - 1]?.[1] ?? -Infinity);
  };
};

/** Readers ask in the order of the blocks, and one question may reach into the next block. */
const openBlocks = 2;

/** Reads the blocks of one session for one reader. */
export class ArchiveReader {
  readonly #archive: FrameArchive;
  readonly #codec: BlockCodec;
  readonly #sessionId: string;
  readonly #archivedTo: () => Promise<ArchivedTo | null>;
  readonly #open = new Map<string, Promise<ReadBlock>>();
  readonly #parsed = new WeakMap<ReadBlock, Promise<StoredFrame[]>>();
  #blocks: Promise<BlockInfo[]> | null = null;
  #lastFound: BlockInfo | null = null;

  /** @param archivedTo how far the frames of the session have moved now */
  constructor(
    archive: FrameArchive,
    codec: BlockCodec,
    sessionId: string,
    archivedTo: () => Promise<ArchivedTo | null>,
  ) {
    this.#archive = archive;
    this.#codec = codec;
    this.#sessionId = sessionId;
    this.#archivedTo = archivedTo;
  }

  /** The session's blocks in order, as of the first call or the last `refresh`. */
  blocks(): Promise<BlockInfo[]> {
    this.#blocks ??= this.#list();
    return this.#blocks;
  }

  /** Lists the blocks again, because frames have moved in the meantime. */
  refresh(): void {
    this.#blocks = null;
    this.#lastFound = null;
  }

  async open(info: BlockInfo): Promise<ReadBlock> {
    const name = blockName(info);
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= openBlocks) this.#open.delete(oldest);
    const opened = this.#read(info);
    this.#open.set(name, opened);
    return opened;
  }

  /** All frames of a block, in order of arrival. */
  async framesOf(info: BlockInfo): Promise<StoredFrame[]> {
    const block = await this.open(info);
    const frames = this.#parsed.get(block) ?? parseAll(block.texts);
    this.#parsed.set(block, frames);
    return frames;
  }

  /** The block that covers a frame, if there is one. */
  async blockOf(frameId: string): Promise<BlockInfo | null> {
    if (this.#lastFound !== null && covers(this.#lastFound, frameId)) return this.#lastFound;
    const found = (await this.blocks()).find((block) => covers(block, frameId)) ?? null;
    if (found !== null) this.#lastFound = found;
    return found;
  }

  /** Those of the frames that are in the archive, in any order. */
  async frames(frameIds: readonly string[]): Promise<StoredFrame[]> {
    const wanted = new Map<BlockInfo, Set<string>>();
    for (const frameId of frameIds) {
      const block = await this.blockOf(frameId);
      if (block === null) continue;
      const ids = wanted.get(block);
      if (ids === undefined) wanted.set(block, new Set([frameId]));
      else ids.add(frameId);
    }
    const found: StoredFrame[] = [];
    for (const [info, ids] of wanted) {
      for (const frame of await this.framesOf(info)) if (ids.has(frame.frame_id)) found.push(frame);
    }
    return found;
  }

  /** The links of the block with this place, from the place on. */
  async links(place: number): Promise<ChainLink[]> {
    const holds = ({ from, to }: BlockInfo): boolean => place >= from.links && place < to.links;
    let block = (await this.blocks()).find(holds);
    if (block === undefined) {
      this.refresh();
      block = (await this.blocks()).find(holds);
    }
    if (block === undefined) throw archiveUnavailable('a block is missing');
    return (await this.open(block)).links.slice(place - block.from.links);
  }

  async #list(): Promise<BlockInfo[]> {
    const archived = await this.#archivedTo();
    // A session without archived frames can be read while the archive is unavailable.
    if (archived === null || messagesBefore(archived.position) === 0) return [];
    const { generation, position } = archived;
    const line = blockLine(await this.#archive.list(this.#sessionId), generation, position);
    if (messagesBefore(line.at(-1)?.to ?? startPosition) < messagesBefore(position)) {
      throw archiveUnavailable('a block is missing');
    }
    return line;
  }

  async #read(info: BlockInfo): Promise<ReadBlock> {
    const body = await this.#archive.read(this.#sessionId, info);
    try {
      return await this.#codec.decode(body);
    } catch (error) {
      // The archive answered, but no thread could read the block.
      if (error instanceof ThreadFailure || error instanceof IngestError) throw error;
      const problem = `block ${blockName(info)} is damaged; restore it from a backup`;
      throw new IngestError('archive_unavailable', `the frame archive cannot be used: ${problem}`, error);
    }
  }
}

const parseAll = async (texts: readonly FrameText[]): Promise<StoredFrame[]> => {
  const slice = new TimeSlice();
  const frames: StoredFrame[] = [];
  for (const text of texts) {
    frames.push(parseText(text));
    if (slice.isOver()) await slice.next();
  }
  return frames;
};
