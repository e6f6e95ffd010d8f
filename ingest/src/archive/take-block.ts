import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { messagesBefore } from '../frames/frame-store.ts';
import type { ArrivalPosition } from '../frames/frame-store.ts';
import type { ArchivedTo, HotFrameStore } from '../frames/hot-frame-store.ts';
import { seqsOf } from '../frames/stream.ts';
import { frameStoreUnavailable } from '../model/ingest-error.ts';
import type { Block } from './block-codec.ts';
import type { BlockInfo } from './frame-archive.ts';

/** A block ends with the message that reaches this many frames. More compress only a little better. */
const blockFrames = 400;

export interface TakenBlock {
  info: BlockInfo;
  block: Block;
}

/** What to archive next. */
export type NextBlock =
  | { status: 'block'; taken: TakenBlock }
  /** The next message is too young. `receivedMs`: its receipt; null if there is none. */
  | { status: 'wait'; receivedMs: number | null };

const isNumbered = ({ frame_id, seq }: StoredFrame): boolean => frame_id === String(seq);

const linksOf = async (store: HotFrameStore, sessionId: string, from: number, to: number): Promise<ChainLink[]> => {
  const links: ChainLink[] = [];
  while (links.length < to - from) {
    const page = (await store.linksFrom(sessionId, from + links.length)) ?? [];
    if (page.length === 0) break;
    links.push(...page);
  }
  return links.slice(0, to - from);
};

const infoOf = (
  archived: ArchivedTo,
  to: ArrivalPosition,
  { links, frames }: Block,
  nonce: string | null,
): BlockInfo => {
  const times = frames.map(({ timestamp }) => timestamp);
  return {
    generation: archived.generation,
    from: archived.position,
    to,
    frames: frames.length,
    seqs: [...seqsOf(frames.filter(isNumbered))],
    minMs: times.reduce((least, ms) => Math.min(least, ms), times[0] ?? 0),
    maxMs: times.reduce((most, ms) => Math.max(most, ms), times[0] ?? 0),
    end: {
      nonce,
      head: links.at(-1)?.link ?? null,
      confirmed: links.filter(({ confirmed }) => confirmed).length,
      receivedMs: frames.reduce((most, { received_at: ms }) => Math.max(most, ms), 0),
    },
  };
};

/** The session's next messages in order of arrival that were received before a time, up to the size of a block. */
export const takeBlock = async (
  store: HotFrameStore,
  sessionId: string,
  archived: ArchivedTo,
  receivedBeforeMs: number,
): Promise<NextBlock> => {
  const frames: StoredFrame[] = [];
  let to = archived.position;
  let receivedMs: number | null = null;
  for await (const group of store.arrivals(sessionId, archived.position)) {
    const received = group.frames[0]?.received_at ?? null;
    if (received !== null && received >= receivedBeforeMs) receivedMs = received;
    if (receivedMs !== null || frames.length >= blockFrames) break;
    frames.push(...group.frames);
    to = group.position;
  }
  if (messagesBefore(to) === messagesBefore(archived.position)) return { status: 'wait', receivedMs };
  const links = await linksOf(store, sessionId, archived.position.links, to.links);
  if (links.length < to.links - archived.position.links) throw frameStoreUnavailable('the session was lost meanwhile');
  const { chain } = await store.stateOf(sessionId);
  const block = { links, frames };
  return { status: 'block', taken: { info: infoOf(archived, to, block, chain?.nonce ?? null), block } };
};

/** The ids of a block's frames. */
export const frameIdsOf = ({ seqs, from, to }: BlockInfo): string[] => [
  ...seqs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => String(first + at))),
  ...Array.from({ length: to.unnumbered - from.unnumbered }, (_, at) => `srv-${from.unnumbered + at}`),
];
