import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lossReasons } from '@invigil/protocol/channels';
import type { SeqRange } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { linkOf } from './chain-hash.ts';
import { EmbeddedFrameStore } from './embedded-frame-store.ts';
import { frameKeys } from './frame-keys.ts';
import { openFrameRedis } from './frame-redis.ts';
import type { FrameIntake, FrameStore } from './frame-store.ts';
import { RedisFrameStore } from './redis-frame-store.ts';
import { byNumber } from './stream.ts';

const log = pino({ level: 'silent' });
const lifetimes = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };
const startMs = Date.UTC(2026, 0, 5, 9);

let service: Awaited<ReturnType<typeof startRedis>>;
let client: ReturnType<typeof openFrameRedis>;
let folder: string;
let embedded: EmbeddedFrameStore;
let redis: RedisFrameStore;
beforeAll(async () => {
  service = await startRedis();
  client = openFrameRedis(service.url, log);
  await new Promise((resolve) => client.once('ready', resolve));
  folder = await mkdtemp(join(tmpdir(), 'invigil-both-'));
  embedded = new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now: () => startMs, ...lifetimes });
  redis = new RedisFrameStore({ client, ...lifetimes });
});
afterAll(async () => {
  await Promise.all([embedded.close(), redis.close()]);
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

const frame = (seq: number, receivedMs: number): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: receivedMs,
  no_of_face: 1,
});

type Step =
  | { kind: 'frames'; seqs: number[]; receivedMs: number; guess: 'head' | 'wrong' | null }
  | { kind: 'losses'; reason: (typeof lossReasons)[number]; seqs: SeqRange; total: number }
  | { kind: 'dropped'; writer: string; total: number }
  | { kind: 'single'; receivedMs: number }
  | { kind: 'seal'; atMs: number }
  | { kind: 'refuse'; seqs: SeqRange[]; unnumbered: number }
  | { kind: 'retire'; atMs: number };

const receivedMs = fc.integer({ min: -500, max: 500 }).map((ms) => startMs + ms);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('frames' as const),
      seqs: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 8 }),
      receivedMs,
      guess: fc.constantFrom('head' as const, 'wrong' as const, null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('losses' as const),
      reason: fc.constantFrom(...lossReasons),
      seqs: fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 4 })).map(([from, length]): SeqRange => [from, from + length]),
      total: fc.nat({ max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('dropped' as const),
      writer: fc.constantFrom('a', 'b'),
      total: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('single' as const), receivedMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('seal' as const), atMs: receivedMs }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      seqs: fc.array(
        fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 4 })).map(([from, length]): SeqRange => [from, from + length]),
        { maxLength: 3 },
      ),
      unnumbered: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retire' as const), atMs: receivedMs }) },
);

/** The result without the chain's heads, which depend on a nonce that each store generates. */
const withoutHeads = (result: object): object => ({ ...result, chain: undefined });

const carryOut = async (store: FrameStore, sessionId: string, step: Step): Promise<object> => {
  const { chain } = await store.stateOf(sessionId);
  switch (step.kind) {
    case 'frames': {
      const frames = step.seqs.map((seq) => frame(seq, step.receivedMs));
      const expected = chain === null ? null : linkOf(chain.head, byNumber(frames));
      const intake: FrameIntake = {
        frames,
        lost: [],
        lossTotals: {},
        chain: step.guess === 'head' ? expected : step.guess,
      };
      return withoutHeads(await store.append(sessionId, intake));
    }
    case 'losses': {
      const { reason, seqs, total } = step;
      const lossTotals = { [reason]: total };
      return withoutHeads(
        await store.append(sessionId, { frames: [], lost: [{ reason, seqs }], lossTotals, chain: null }),
      );
    }
    case 'dropped': {
      const { writer, total } = step;
      const intake = { frames: [], lost: [], lossTotals: {}, dropped: { writer, total }, chain: null };
      return withoutHeads(await store.append(sessionId, intake));
    }
    case 'single':
      return store.appendNext(sessionId, { timestamp: startMs, received_at: step.receivedMs });
    case 'seal':
      await store.seal(sessionId, step.atMs);
      return {};
    case 'refuse':
      return store.refuse(sessionId, step);
    case 'retire':
      await store.retire(sessionId, step.atMs);
      return {};
  }
};

const contentOf = async (store: FrameStore, sessionId: string) => {
  const state = await store.stateOf(sessionId);
  const [frames, links, arrivals]: [StoredFrame[], unknown[], unknown[]] = [[], [], []];
  for await (const chunk of store.read(sessionId)) frames.push(...chunk);
  for await (const chunk of store.links(sessionId)) {
    links.push(...chunk.map(({ seqs, confirmed }) => ({ seqs, confirmed })));
  }
  for await (const { frames: group, position } of store.arrivals(sessionId)) {
    arrivals.push({ ids: group.map(({ frame_id }) => frame_id), position });
  }
  const chain = state.chain && {
    links: state.chain.links,
    confirmed: state.chain.confirmed,
    frames: state.chain.frames,
  };
  return { state: { ...state, chain }, frames, links, arrivals };
};

test('decides exactly as the embedded store does, whatever comes', async () => {
  let sessions = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 14 }), async (steps) => {
      const sessionId = `both-${sessions++}`;
      for (const step of steps) {
        const [one, other] = [await carryOut(embedded, sessionId, step), await carryOut(redis, sessionId, step)];
        expect(other).toEqual(one);
      }
      expect(await contentOf(redis, sessionId)).toEqual(await contentOf(embedded, sessionId));
    }),
    { numRuns: 60 },
  );
});

test('another replica’s guess at the head costs a round trip, not a link', async () => {
  const other = new RedisFrameStore({ client, ...lifetimes });
  const intake = (seq: number): FrameIntake => ({
    frames: [frame(seq, startMs)],
    lost: [],
    lossTotals: {},
    chain: null,
  });
  for (let seq = 0; seq < 10; seq += 1) await (seq % 2 === 0 ? redis : other).append('guessed', intake(seq));
  const { chain, upToSeq } = await redis.stateOf('guessed');
  let head = chain!.nonce;
  for (let seq = 0; seq < 10; seq += 1) head = linkOf(head, [frame(seq, startMs)]);
  expect(chain).toMatchObject({ head, links: 10, frames: 10 });
  expect(upToSeq).toBe(9);
});

test('leaves no key behind when a session is cleared, however many frames it had', async () => {
  const frames = Array.from({ length: 1200 }, (_, seq) => frame(seq, startMs));
  for (let from = 0; from < frames.length; from += 300) {
    await redis.append('erased', { frames: frames.slice(from, from + 300), lost: [], lossTotals: {}, chain: null });
  }
  await redis.appendNext('erased', { timestamp: startMs, received_at: startMs });
  expect(await client.keys('*erased*')).toHaveLength(1204);
  await redis.clear('erased');
  expect(await client.keys('*erased*')).toEqual([]);
});

test('reads the sessions of one prefix apart', async () => {
  await redis.append('ab', { frames: [frame(0, startMs)], lost: [], lossTotals: {}, chain: null });
  await redis.append('ab:c', { frames: [frame(7, startMs)], lost: [], lossTotals: {}, chain: null });
  const { frames } = await contentOf(redis, 'ab');
  expect(frames.map(({ seq }) => seq)).toEqual([0]);
  expect(await client.exists(frameKeys.frame('ab', '0'))).toBe(1);
});
