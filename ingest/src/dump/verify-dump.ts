import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { SeqRange } from '@invigil/protocol/channels';
import { linkOf } from '../frames/chain-hash.ts';
import { firstDumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { unknownWorkHeads } from './work-heads.ts';

/** The chain from an independent source. The number of links reveals a chain whose beginning was cut off; the head alone does not. */
export interface KnownChain {
  head: string;
  /** Number of links; null if unknown. */
  links: number | null;
}

/** The first problem found. `link`: its position, from 1; null if the problem is not about one link. */
interface BrokenChain {
  link: number | null;
  seqs: SeqRange[];
  reason: string;
}

export interface ChainVerdict {
  /** `unchecked`: no problem found, but frames of some links had expired, or the dump has the first format, without links. */
  verdict: 'whole' | 'unchecked' | 'broken';
  head: string | null;
  links: number;
  /** Links whose head the client had sent with the frames. */
  confirmed_links: number;
  /** Links that cover expired frames and cannot be recomputed. */
  unchecked_links: number;
  chained_frames: number;
  /** Frames of clients that do not number them. No link covers these. */
  unchained_frames: number;
  /** Answers and hand-in with a chain head that this chain never had. They affect no frames, so they do not change the verdict. */
  unknown_work_heads: string[];
  broken: BrokenChain | null;
}

type Checked = { broken: BrokenChain } | { broken: null; unchecked: number };

const brokenAt = (link: number | null, seqs: SeqRange[], reason: string): Checked => ({
  broken: { link, seqs, reason },
});

const isNumbered = ({ frame_id: id, seq }: StoredFrame): boolean => id === String(seq);

/**
 * Removes a link's frames from `left`, the frames that no link has covered yet. Null if one is missing; the others are removed anyway,
 * because frames of one message can expire separately.
 */
const takeFrames = (left: Map<number, StoredFrame>, seqs: readonly SeqRange[]): StoredFrame[] | null => {
  const taken: StoredFrame[] = [];
  let isWhole = true;
  for (const [from, to] of seqs) {
    // A forged range must cost no more than the frames of the dump.
    const numbers =
      to - from < left.size
        ? Array.from({ length: to - from + 1 }, (_, at) => from + at)
        : [...left.keys()].filter((seq) => seq >= from && seq <= to);
    isWhole &&= numbers.length > to - from;
    for (const seq of numbers) {
      const frame = left.get(seq);
      if (frame === undefined) isWhole = false;
      else taken.push(frame);
      left.delete(seq);
    }
  }
  return isWhole ? taken : null;
};

const checkLinks = (
  links: readonly ChainLink[],
  nonce: string,
  left: Map<number, StoredFrame>,
  hasExpired: boolean,
): Checked & { head: string } => {
  let head = nonce;
  let unchecked = 0;
  for (const [index, { link, seqs }] of links.entries()) {
    const frames = takeFrames(left, seqs);
    const reason =
      frames === null
        ? hasExpired
          ? null
          : 'one of its frames is missing or also in an earlier link'
        : linkOf(head, frames) === link
          ? null
          : 'its hash does not match its frames and the chain before it';
    if (reason !== null) return { ...brokenAt(index + 1, seqs, reason), head };
    if (frames === null) unchecked += 1;
    head = link;
  }
  return { broken: null, unchecked, head };
};

const checkDump = (dump: FramesDump, known: KnownChain | null): Checked => {
  const { chain, links } = dump;
  const left = new Map<number, StoredFrame>();
  for (const frame of dump.frames) {
    if (!isNumbered(frame)) continue;
    if (left.has(frame.seq)) return brokenAt(null, [[frame.seq, frame.seq]], 'a frame occurs twice');
    left.set(frame.seq, frame);
  }
  if (known !== null && known.head !== headOf(dump)) {
    return brokenAt(null, [], `the head is ${headOf(dump) ?? 'missing'}; expected ${known.head}`);
  }
  if (links === undefined && dump.format === firstDumpFormat) return { broken: null, unchecked: 0 };
  if (links === undefined || typeof chain === 'string') return brokenAt(null, [], 'the links are missing');
  const expectedLinks = known?.links ?? links.length;
  if (links.length !== expectedLinks) {
    return brokenAt(null, [], `the dump has ${links.length} links; expected ${expectedLinks}`);
  }
  const checked = checkLinks(links, chain?.nonce ?? '', left, dump.folded !== null);
  if (checked.broken !== null) return checked;
  if (links.length !== (chain?.links ?? 0) || checked.head !== (chain?.head ?? '')) {
    return brokenAt(
      null,
      [],
      `${links.length} links end with ${checked.head}, which is not the head that the session ended with`,
    );
  }
  const [added] = left.keys();
  if (added !== undefined) return brokenAt(null, [[added, added]], 'no link covers a numbered frame');
  return checked;
};

const headOf = ({ chain }: FramesDump): string | null => (typeof chain === 'string' ? chain : (chain?.head ?? null));

/**
 * Recomputes the chain of a dump from its frames.
 * @param known from another source: the report, or the student's own device
 */
export const verifyDump = (dump: FramesDump, known: KnownChain | null = null): ChainVerdict => {
  const { frames, links = [] } = dump;
  const checked = checkDump(dump, known);
  const unchecked = checked.broken === null ? checked.unchecked : 0;
  const chained = dump.links === undefined ? 0 : frames.filter(isNumbered).length;
  return {
    verdict: checked.broken !== null ? 'broken' : unchecked > 0 || dump.links === undefined ? 'unchecked' : 'whole',
    head: headOf(dump),
    links: links.length,
    confirmed_links: links.filter(({ confirmed }) => confirmed).length,
    unchecked_links: unchecked,
    chained_frames: chained,
    unchained_frames: frames.length - chained,
    unknown_work_heads: unknownWorkHeads(dump),
    broken: checked.broken,
  };
};

/** The verdict as text for a terminal. */
export const verdictText = ({ broken, ...verdict }: ChainVerdict): string => {
  const { head, links, confirmed_links: confirmed, unchecked_links: unchecked } = verdict;
  const lines = [
    `${verdict.chained_frames} frames in ${links} ${links === 1 ? 'link' : 'links'} (${confirmed} confirmed by the client), ${verdict.unchained_frames} frames unchained`,
    `head ${head ?? 'none'}`,
  ];
  if (unchecked > 0) lines.push(`${unchecked} links could not be checked: frames of them had expired before the end`);
  if (verdict.unknown_work_heads.length > 0) {
    lines.push(`not tied to this chain, because their head is unknown: ${verdict.unknown_work_heads.join(', ')}`);
  }
  if (broken === null)
    lines.push(verdict.verdict === 'whole' ? 'complete' : 'no break found in the part that could be checked');
  else {
    const seqs = broken.seqs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
    lines.push(
      `BROKEN at ${broken.link === null ? 'the chain as a whole' : `link ${broken.link}`}` +
        `${seqs === '' ? '' : `, frames ${seqs}`}: ${broken.reason}`,
    );
  }
  return lines.join('\n');
};
