import { messagesBefore, startPosition } from '../frames/frame-store.ts';
import type { ArrivalPosition } from '../frames/frame-store.ts';
import type { ResumedStream } from '../frames/resumed-stream.ts';
import type { BlockInfo } from './frame-archive.ts';

const isAt = ({ from }: BlockInfo, { links, unnumbered }: ArrivalPosition): boolean =>
  from.links === links && from.unnumbered === unnumbered;

/**
 * If a stream goes back to an older state and continues differently, its blocks may begin where others of its generation do. Those of the new branch are
 * stored under the name of the generation with a number.
 */
export const branchName = (generation: string, branch: number): string =>
  branch === 0 ? generation : `${generation}.${branch}`;

const generationOf = ({ generation: name }: BlockInfo): string => name.split('.', 1)[0] ?? name;

export const isOfGeneration = (block: BlockInfo, generation: string): boolean => generationOf(block) === generation;

const isBefore = (position: ArrivalPosition, until: ArrivalPosition | null): boolean =>
  until === null || messagesBefore(position) < messagesBefore(until);

/**
 * The blocks of a generation in order, from the session's beginning to the first gap. Where there are several branches, the one with the latest
 * receipts: every message of a new branch was received after those of the branches before it.
 * @param until not the blocks after this position; null: all
 */
export const blockLine = (
  blocks: readonly BlockInfo[],
  generation: string,
  until: ArrivalPosition | null = null,
): BlockInfo[] => {
  const ofGeneration = blocks.filter((block) => isOfGeneration(block, generation));
  const line: BlockInfo[] = [];
  let [position, receivedMs] = [startPosition, 0];
  while (isBefore(position, until)) {
    const receiptOf = ({ end }: BlockInfo): number => end?.receivedMs ?? receivedMs;
    const [next] = ofGeneration
      .filter((block) => isAt(block, position) && receiptOf(block) >= receivedMs)
      .toSorted((a, b) => receiptOf(b) - receiptOf(a));
    if (next === undefined || messagesBefore(next.to) <= messagesBefore(position)) break;
    line.push(next);
    receivedMs = receiptOf(next);
    position = next.to;
  }
  return line;
};

const framesOf = (blocks: readonly BlockInfo[]): number => blocks.reduce((total, { frames }) => total + frames, 0);

/** The stream of a session as it was after its last archived message. Null if the archive has nothing to continue from. */
export const archivedStream = (blocks: readonly BlockInfo[]): ResumedStream | null => {
  const generations = new Set(blocks.map(generationOf));
  const lines = [...generations].map((generation) => blockLine(blocks, generation));
  // Blocks of earlier servers do not tell how the stream continues.
  const known = lines.filter((line) => line.every(({ end }) => end !== undefined));
  const [line = []] = known.toSorted((a, b) => framesOf(b) - framesOf(a));
  const ends = line.flatMap(({ end }) => end ?? []);
  const last = line.at(-1);
  if (last === undefined) return null;
  const nonce = ends.findLast((end) => end.nonce !== null)?.nonce ?? null;
  // The head of a chain without links is its nonce.
  const head = ends.findLast((end) => end.head !== null)?.head ?? nonce;
  const seqs = line.flatMap((block) => block.seqs);
  return {
    archived: { generation: generationOf(last), position: last.to },
    chain:
      nonce === null || head === null
        ? null
        : {
            nonce,
            head,
            links: last.to.links,
            confirmed: ends.reduce((total, { confirmed }) => total + confirmed, 0),
            frames: seqs.reduce((total, [first, to]) => total + to - first + 1, 0),
          },
    seqs,
    receivedMs: Math.max(...ends.map(({ receivedMs }) => receivedMs)),
  };
};
