import { messagesBefore, startPosition } from '../frames/frame-store.ts';
import type { ArrivalPosition } from '../frames/frame-store.ts';
import type { ResumedStream } from '../frames/resumed-stream.ts';
import type { BlockInfo } from './frame-archive.ts';

const isAt = ({ from }: BlockInfo, { links, unnumbered }: ArrivalPosition): boolean =>
  from.links === links && from.unnumbered === unnumbered;

/** The blocks of a generation in order, from the session's beginning to the first gap. */
export const blockLine = (blocks: readonly BlockInfo[], generation: string): BlockInfo[] => {
  const line: BlockInfo[] = [];
  let position = startPosition;
  for (;;) {
    const next = blocks.find((block) => block.generation === generation && isAt(block, position));
    if (next === undefined || messagesBefore(next.to) <= messagesBefore(position)) return line;
    line.push(next);
    position = next.to;
  }
};

const framesOf = (blocks: readonly BlockInfo[]): number => blocks.reduce((total, { frames }) => total + frames, 0);

/** The stream of a session as it was after its last archived message. Null if the archive has nothing to continue from. */
export const archivedStream = (blocks: readonly BlockInfo[]): ResumedStream | null => {
  const lines = [...new Set(blocks.map(({ generation }) => generation))].map((name) => blockLine(blocks, name));
  const [line = []] = lines.toSorted((a, b) => framesOf(b) - framesOf(a));
  const ends = line.flatMap(({ end }) => end ?? []);
  const last = line.at(-1);
  if (last === undefined || ends.length < line.length) return null;
  const [nonce, head] = [
    ends.findLast((end) => end.nonce !== null)?.nonce,
    ends.findLast((end) => end.head !== null)?.head,
  ];
  const seqs = line.flatMap((block) => block.seqs);
  return {
    archived: { generation: last.generation, position: last.to },
    chain:
      nonce == null || head == null
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
