import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { Connection, MemoryOutboxStore, Outbox } from '@invigil/engine/testing/delivery';
import { propertySeed } from '@invigil/testkit/property-seed';
import { ManualTimers, settle } from '@invigil/testkit/timers/manual-timers';
import { ModelNetwork, hashOf } from '@invigil/testkit/network/model-network';
import type { Fate } from '@invigil/testkit/network/model-network';
import { verifyDump } from '@invigil/ingest/dump';
import {
  createMetrics,
  defaultRules,
  EmbeddedCheckpointStore,
  EmbeddedFrameStore,
  foldAll,
  OutageLog,
  RecordsDatabase,
  RunningAnalysis,
  SessionIntake,
  SessionRecords,
} from '@invigil/ingest/testing';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';

/**
 * Outbox, connection, intake and embedded store are the real ones, on a real disk; time and network are models.
 * INVIGIL_PROPERTY_RUNS=2000 runs more cases, INVIGIL_PROPERTY_SEED=random tries other cases, a number repeats a run.
 */
const numRuns = Number(process.env['INVIGIL_PROPERTY_RUNS'] ?? 60);

const log = pino({ level: 'silent' });
let folder: string;
let database: RecordsDatabase;
let timers: ManualTimers;
const now = (): number => timers.nowMs();
/** Start of every session of a run, server clock. */
let startedMs = 0;

beforeAll(async () => {
  folder = await makeFolder();
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});

/** A server that uses the folder; several may use it at once. */
const openServer = () => {
  const frames = new EmbeddedFrameStore({
    file: join(folder, 'frames.db'),
    log,
    now,
    frameRetentionSeconds: 1e7,
    streamRetentionSeconds: 1e7,
  });
  const checkpoints = new EmbeddedCheckpointStore({
    file: join(folder, 'analysis.db'),
    retentionSeconds: 1e7,
    log,
    now,
  });
  const analysis = new RunningAnalysis({
    frames,
    checkpoints,
    rulesOf: async () => defaultRules,
    startedMsOf: async () => startedMs,
    log,
    now,
  });
  const intake = new SessionIntake({
    frames,
    records: new SessionRecords(database),
    analysis,
    metrics: createMetrics(),
    outages: new OutageLog(log, now),
    now,
    sharedNow: now,
    sharedClockErrorMs: () => 0,
    retryAfterMs: () => 500,
    budget: { spend: () => null, refund: () => undefined },
    onStored: async () => undefined,
    onPicture: () => null,
  });
  return {
    frames,
    analysis,
    take(sessionId: string, text: string) {
      const taken = intake.takeText(sessionId, text).then(({ answers }) => answers);
      inWork.add(taken);
      return taken.finally(() => inWork.delete(taken));
    },
    async close() {
      await analysis.close();
      await frames.close();
    },
  };
};

type Step =
  | { kind: 'record'; frames: number }
  | { kind: 'pass'; ms: number }
  | { kind: 'network'; isUp: boolean }
  | { kind: 'fates'; fates: Fate[] }
  | { kind: 'reload' | 'crash' | 'replica' };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('record' as const), frames: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('network' as const), isUp: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('reload' as const, 'crash' as const, 'replica' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fates' as const),
      fates: fc.array(fc.constantFrom<Fate>('arrives', 'answer_lost', 'lost', 'twice', 'slow_down'), { maxLength: 8 }),
    }),
  },
);

/** A device's disk, which outlives its pages. */
class DeviceStore extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  override close(): void {
    // The disk stays.
  }
}

const all = async <Item>(chunks: AsyncIterable<Item[]>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const chunk of chunks) items.push(...chunk);
  return items;
};

/** Messages that a server is handling. Model time stands still during that, because the server's disk is real. */
const inWork = new Set<Promise<unknown>>();

const pass = async (durationMs: number): Promise<void> => {
  for (let leftMs = durationMs; leftMs > 0; leftMs -= 10) {
    await timers.advance(Math.min(10, leftMs));
    while (inWork.size > 0) {
      await Promise.all(inWork);
      await settle();
    }
  }
};

let runs = 0;

test(
  'with the real parts: every frame is stored once or reported lost, and the chain is complete',
  async () => {
    console.log(`delivery property with the real parts: ${numRuns} runs, INVIGIL_PROPERTY_SEED=${propertySeed}`);
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 20 }), fc.boolean(), async (steps, small) => {
        timers = new ManualTimers();
        startedMs = now();
        const sessionId = `run-${runs++}`;
        await new SessionRecords(database).create({
          sessionId,
          examId: 'exam',
          memberId: 'member',
          startedAt: new Date(now()).toISOString(),
          actor: 'test',
        });
        const opened = [openServer(), openServer()];
        let current = opened[0] ?? openServer();
        let fates: Fate[] = [];
        const takeBy = (server: typeof current) => ({ take: (text: string) => server.take(sessionId, text) });
        const network = new ModelNetwork(timers, takeBy(current), () => fates.shift() ?? 'arrives');
        const limits = small
          ? { maxFrames: 100, maxBytes: 4000, maxCachedBytes: 500 }
          : { maxFrames: 10_000, maxBytes: 1e7, maxCachedBytes: 60_000 };
        const device = new DeviceStore();
        const openPage = async () => {
          const outbox = await Outbox.open(device, limits);
          const connection = new Connection(
            { serverUrl: 'http://server', sessionId, token: undefined, batchIntervalMs: 500 },
            {
              outbox,
              timers,
              transports: { socket: network.open, http: network.open },
              digest: async (text) => hashOf(text),
              random: () => 0.5,
              onState: () => undefined,
              onRelated: async () => undefined,
              onRefused: (detail) => {
                throw new Error(detail);
              },
            },
          );
          connection.open();
          return { outbox, connection };
        };
        let page = await openPage();
        const produced = new Map<number, number>();
        try {
          for (const step of steps) {
            if (step.kind === 'record') {
              for (let index = 0; index < step.frames; index += 1) {
                const { nextSeq: seq } = page.outbox;
                const timestamp = now() + index / 100;
                page.outbox.append({ seq, timestamp, no_of_face: 1 });
                produced.set(seq, timestamp);
              }
            } else if (step.kind === 'pass') await pass(step.ms);
            else if (step.kind === 'network') network.isUp = step.isUp;
            else if (step.kind === 'fates') fates = [...step.fates];
            else if (step.kind === 'reload') {
              page.connection.close();
              page = await openPage();
              // Frames that were never stored on the device existed nowhere, so their numbers are free again.
              for (const seq of produced.keys()) if (seq >= page.outbox.nextSeq) produced.delete(seq);
            } else {
              // Another process continues with the same disk; messages that the first was handling are no longer
              // answered.
              if (step.kind === 'crash') opened.push(openServer());
              current =
                opened.find((server) => server !== current && step.kind === 'replica') ?? opened.at(-1) ?? current;
              network.server = takeBy(current);
              network.cut(1006);
            }
          }
          network.isUp = true;
          fates = [];
          for (let waits = 0; waits < 120; waits += 1) {
            await pass(1000);
            if (page.outbox.waitingFrames === 0 && page.outbox.lostRanges.length === 0) break;
          }
          expect({ waiting: page.outbox.waitingFrames, unsettled: page.outbox.lostRanges }).toEqual({
            waiting: 0,
            unsettled: [],
          });
          const frames: StoredFrame[] = await all(current.frames.read(sessionId));
          const links: ChainLink[] = await all(current.frames.links(sessionId));
          const { chain, losses, upToSeq } = await current.frames.stateOf(sessionId);
          const lost = Object.values(losses).reduce((sum, count) => sum + count, 0);
          expect(frames.filter(({ seq, timestamp }) => produced.get(seq) !== timestamp)).toEqual([]);
          expect(new Set(frames.map(({ seq }) => seq)).size).toBe(frames.length);
          expect(frames.length + lost).toBe(produced.size);
          expect(upToSeq).toBe(page.outbox.nextSeq - 1);
          for (const server of opened) {
            const { folded } = await server.analysis.analyze(sessionId, defaultRules);
            expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldAll(frames, defaultRules, startedMs).state));
          }
          const session = {
            session_id: sessionId,
            exam_id: null,
            member_id: null,
            status: 'ended',
            started_at: '',
            ended_at: null,
          } as const;
          const dump = {
            format: 'invigil-frames/2',
            session,
            rules: defaultRules,
            losses,
            chain,
            end_ms: null,
            frames,
            links,
            folded: null,
          } as const;
          expect(verifyDump({ ...dump, frames, links })).toMatchObject({ verdict: 'whole', head: chain?.head ?? null });
        } finally {
          page.connection.close();
          for (const server of opened) await server.close();
        }
      }),
      { numRuns, seed: propertySeed },
    );
  },
  120_000 + numRuns * 2000,
);
