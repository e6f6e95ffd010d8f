import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { ArrivalPosition } from './frame-store.ts';

/** The frames that one message brought, and the position after them. */
export interface ArrivalGroup {
  frames: StoredFrame[];
  position: ArrivalPosition;
}

export interface ArrivalSource {
  links(fromPlace: number): AsyncIterable<ChainLink[]>;
  /** The frames that have not expired, in any order. */
  frames(ids: readonly string[]): Promise<StoredFrame[]>;
  /** Where reading ends. Both counts come from the same moment, so that no message is read before an earlier one. */
  until: ArrivalPosition;
}

const framesAtOnce = 500;

const idsOf = ({ seqs }: ChainLink): string[] =>
  seqs.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at)));

const numberedGroups = async function* (source: ArrivalSource, fromPlace: number): AsyncGenerator<StoredFrame[]> {
  let remaining = source.until.links - fromPlace;
  for await (const chunk of source.links(fromPlace)) {
    const links = chunk.slice(0, Math.max(0, remaining));
    remaining -= links.length;
    for (let from = 0; from < links.length;) {
      const batch: string[][] = [];
      for (let size = 0; from < links.length && (size === 0 || size < framesAtOnce); from += 1) {
        const ids = idsOf(links[from]!);
        batch.push(ids);
        size += ids.length;
      }
      const found = new Map((await source.frames(batch.flat())).map((frame) => [frame.frame_id, frame]));
      for (const ids of batch) yield ids.flatMap((id) => found.get(id) ?? []);
    }
    // More links may be added as fast as they are read.
    if (remaining <= 0) return;
  }
};

const unnumberedGroups = async function* (source: ArrivalSource, fromNumber: number): AsyncGenerator<StoredFrame[]> {
  for (let from = fromNumber; from < source.until.unnumbered; from += framesAtOnce) {
    const count = Math.min(framesAtOnce, source.until.unnumbered - from);
    const ids = Array.from({ length: count }, (_, at) => `srv-${from + at}`);
    const found = new Map((await source.frames(ids)).map((frame) => [frame.frame_id, frame]));
    for (const id of ids) yield [found.get(id) ?? []].flat();
  }
};

/** A message whose frames have expired has no receipt; it keeps its place before the next message. */
const receiptOf = (group: readonly StoredFrame[]): number => group[0]?.received_at ?? -Infinity;

/**
 * The session's messages in order of arrival, after a position: numbered frames grouped by the chain's links, merged with the unnumbered
 * frames by receipt.
 */
export const arrivalsOf = async function* (source: ArrivalSource, from: ArrivalPosition): AsyncIterable<ArrivalGroup> {
  const numbered = numberedGroups(source, from.links);
  const unnumbered = unnumberedGroups(source, from.unnumbered);
  let { links: linkCount, unnumbered: unnumberedCount } = from;
  let [link, single] = await Promise.all([numbered.next(), unnumbered.next()]);
  while (link.done !== true || single.done !== true) {
    if (single.done === true || (link.done !== true && receiptOf(link.value) <= receiptOf(single.value))) {
      linkCount += 1;
      yield { frames: link.value as StoredFrame[], position: { links: linkCount, unnumbered: unnumberedCount } };
      link = await numbered.next();
    } else {
      unnumberedCount += 1;
      yield { frames: single.value, position: { links: linkCount, unnumbered: unnumberedCount } };
      single = await unnumbered.next();
    }
  }
};
