import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { arrivalsOf } from './arrivals.ts';
import type { ArrivalGroup, ArrivalSource } from './arrivals.ts';
import { startPosition } from './frame-store.ts';
import type { ArrivalPosition } from './frame-store.ts';

interface Message {
  /** Numbers of the client's frames; null for a frame that the server numbers. */
  seqs: readonly number[] | null;
  receivedAt: number;
  expired?: boolean;
}

/** A session whose messages arrive in this order. */
const sessionOf = (messages: readonly Message[], chunk = 2) => {
  const frames: StoredFrame[] = [];
  const links: ChainLink[] = [];
  let unnumbered = 0;
  for (const { seqs, receivedAt, expired = false } of messages) {
    if (seqs !== null) links.push({ link: '', confirmed: false, seqs: seqs.map((seq) => [seq, seq]) });
    const ids = seqs?.map(String) ?? [`srv-${unnumbered++}`];
    if (expired) continue;
    frames.push(
      ...ids.map((id, at) => ({
        frame_id: id,
        seq: seqs?.[at] ?? unnumbered - 1,
        timestamp: 0,
        received_at: receivedAt,
      })),
    );
  }
  const asked: string[][] = [];
  const source = (until: ArrivalPosition = { links: links.length, unnumbered }): ArrivalSource => ({
    async *links(fromPlace) {
      for (let from = fromPlace; from < links.length; from += chunk) yield links.slice(from, from + chunk);
    },
    async frames(ids) {
      asked.push([...ids]);
      return frames.filter(({ frame_id }) => ids.includes(frame_id)).toReversed();
    },
    until,
  });
  return { source, asked };
};
const read = async (source: ArrivalSource, from = startPosition): Promise<ArrivalGroup[]> => {
  const groups: ArrivalGroup[] = [];
  for await (const group of arrivalsOf(source, from)) groups.push(group);
  return groups;
};
const idsOf = (groups: readonly ArrivalGroup[]): string[][] =>
  groups.map(({ frames }) => frames.map(({ frame_id }) => frame_id));

describe('the messages of a session', () => {
  const messages: Message[] = [
    { seqs: [0, 1], receivedAt: 10 },
    { seqs: null, receivedAt: 11 },
    { seqs: [4], receivedAt: 12 },
    { seqs: [2, 3], receivedAt: 13 },
    { seqs: null, receivedAt: 14 },
  ];

  test('come in order of arrival, numbered and unnumbered ones, each with its position', async () => {
    const groups = await read(sessionOf(messages).source());
    expect(idsOf(groups)).toEqual([['0', '1'], ['srv-0'], ['4'], ['2', '3'], ['srv-1']]);
    expect(groups.map(({ position }) => position)).toEqual([
      { links: 1, unnumbered: 0 },
      { links: 1, unnumbered: 1 },
      { links: 2, unnumbered: 1 },
      { links: 3, unnumbered: 1 },
      { links: 3, unnumbered: 2 },
    ]);
  });

  test('can be read on from any position', async () => {
    const { source } = sessionOf(messages);
    const all = await read(source());
    for (const [at, { position }] of all.entries()) {
      expect(await read(source(), position)).toEqual(all.slice(at + 1));
    }
  });

  test('end where reading was to end, though more have come since', async () => {
    const groups = await read(sessionOf(messages).source({ links: 2, unnumbered: 1 }));
    expect(idsOf(groups)).toEqual([['0', '1'], ['srv-0'], ['4']]);
  });

  test('keep their place when their frames have expired', async () => {
    const expired = messages.map((message, at) => ({ ...message, expired: at === 0 || at === 1 }));
    const groups = await read(sessionOf(expired).source());
    expect(idsOf(groups).flat()).toEqual(['4', '2', '3', 'srv-1']);
    expect(groups).toHaveLength(5);
    expect(groups.at(-1)?.position).toEqual({ links: 3, unnumbered: 2 });
  });

  test('are none in a session without any', async () => {
    expect(await read(sessionOf([]).source())).toEqual([]);
  });

  test('are read in few requests, of about 500 frames each', async () => {
    const many = Array.from({ length: 1200 }, (_, seq): Message => ({ seqs: [seq], receivedAt: seq }));
    const { source, asked } = sessionOf(many, 1200);
    expect(await read(source())).toHaveLength(1200);
    expect(asked.map((ids) => ids.length)).toEqual([500, 500, 200]);
  });
});

describe('any session', () => {
  const anyMessages = fc.array(fc.option(fc.integer({ min: 1, max: 4 })), { maxLength: 40 }).map((sizes): Message[] => {
    let next = 0;
    return sizes.map((size, at) => ({
      seqs: size === null ? null : Array.from({ length: size }, () => next++),
      receivedAt: 1000 + at,
    }));
  });

  test('is read in the order of its receipts, each message once', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessages, fc.integer({ min: 1, max: 7 }), async (messages, chunk) => {
        const groups = await read(sessionOf(messages, chunk).source());
        expect(groups.map(({ frames }) => frames[0]?.received_at)).toEqual(
          messages.map(({ receivedAt }) => receivedAt),
        );
        expect(groups.map(({ frames }) => frames.length)).toEqual(messages.map(({ seqs }) => seqs?.length ?? 1));
      }),
    );
  });
});

test('reading ends although links are added as fast as they are read', async () => {
  const { source } = sessionOf([{ seqs: [0], receivedAt: 1 }]);
  const first: ChainLink[] = [{ link: '', confirmed: false, seqs: [[0, 0]] }];
  const growing: ArrivalSource = {
    ...source(),
    async *links() {
      for (;;) yield first;
    },
  };
  expect(await read(growing)).toHaveLength(1);
});
