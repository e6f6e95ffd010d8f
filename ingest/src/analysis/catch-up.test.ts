import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { turnsDuring } from '../../test/turns-during.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { catchUp } from './catch-up.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { Checkpoint } from './checkpoint-store.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const [byTime, byArrival]: [AnalysisRules, AnalysisRules] = [
  { version: '2', accommodations: [] },
  { version: '3', accommodations: [] },
];

let folder: string;
let nowMs: number;
let frames: EmbeddedFrameStore;
let sessions = 0;
let id: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-catch-up-'));
  nowMs = startMs;
  const file = join(folder, 'frames.db');
  const lifetimes = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };
  frames = new EmbeddedFrameStore({ file, log: pino({ level: 'silent' }), now: () => nowMs, ...lifetimes });
});
afterAll(async () => {
  await frames.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  id = `caught-${sessions++}`;
});

const frame = (seq: number): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200 + 40,
  no_of_face: seq % 60 > 40 ? 0 : 1,
});
const store = async (from: number, to: number, to_ = id): Promise<void> => {
  const list = Array.from({ length: to - from + 1 }, (_, at) => frame(from + at));
  await frames.append(to_, { frames: list, lost: [], lossTotals: {}, chain: null });
};
const fold = (rules: AnalysisRules, checkpoint: Checkpoint | null = null, of = id) =>
  catchUp(frames, of, checkpoint, rules, startMs);
const kept = async (rules: AnalysisRules): Promise<Checkpoint> => {
  const { settled } = await fold(rules);
  return JSON.parse(JSON.stringify({ form: checkpointForm, rules, folded: settled })) as Checkpoint;
};

describe.each([
  ['by time', byTime],
  ['in order of arrival', byArrival],
])('catching up %s', (_name, rules) => {
  test('of a session without frames gives an empty analysis', async () => {
    const { folded, stream } = await fold(rules);
    expect([folded.state.frames, folded.last, stream.frames]).toEqual([0, null, 0]);
  });

  test('from a checkpoint gives the same as from the start', async () => {
    await store(0, 99);
    const checkpoint = await kept(rules);
    expect(checkpoint.folded.state.frames).toBe(100);
    await store(100, 219);
    const [continued, whole] = [await fold(rules, checkpoint), await fold(rules)];
    expect(JSON.stringify(continued.folded)).toBe(JSON.stringify(whole.folded));
    expect(whole.folded.state.frames).toBe(220);
  });

  test('lets other work run, also within one message', async () => {
    await store(0, 499);
    expect(await turnsDuring(() => fold(rules))).toBeGreaterThanOrEqual(500 / 9);
  });

  test('without new frames changes nothing', async () => {
    await store(0, 49);
    const checkpoint = await kept(rules);
    expect((await fold(rules, checkpoint)).folded).toEqual(checkpoint.folded);
  });

  test('starts over with a checkpoint of other rules, or of an older server', async () => {
    await store(0, 49);
    const other = await kept({ version: '1', accommodations: [] });
    const current = await kept(rules);
    const older = {
      ...current,
      form: checkpointForm - 1,
      folded: { ...current.folded, state: { ...current.folded.state, violationsNotListed: 7 } },
    };
    const whole = JSON.stringify((await fold(rules)).folded);
    expect(JSON.stringify((await fold(rules, other)).folded)).toBe(whole);
    expect(JSON.stringify((await fold(rules, older)).folded)).toBe(whole);
  });

  test('gives the same whatever the place of the checkpoint', async () => {
    await store(0, 9);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }), async (sizes) => {
        id = `caught-any-${sessions}-${runs++}`;
        let [next, checkpoint]: [number, Checkpoint | null] = [0, null];
        for (const size of sizes) {
          await store(next, next + size - 1);
          next += size;
          const { settled, folded } = await fold(rules, checkpoint);
          expect(JSON.stringify(folded)).toBe(JSON.stringify((await fold(rules)).folded));
          checkpoint = { form: checkpointForm, rules, folded: settled };
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('frames behind a gap', () => {
  test('by time stay out of the checkpoint until the gap is closed', async () => {
    await store(0, 9);
    await store(12, 19);
    const before = await fold(byTime);
    expect([before.folded.state.frames, before.settled.state.frames]).toEqual([18, 10]);
    const checkpoint = await kept(byTime);
    await store(10, 11);
    const after = await fold(byTime, checkpoint);
    expect([after.folded.state.frames, after.settled.state.frames]).toEqual([20, 20]);
    expect(JSON.stringify(after.folded)).toBe(JSON.stringify((await fold(byTime)).folded));
  });

  test('by time keep everything later out too, also frames that the server numbered', async () => {
    await store(0, 9);
    await store(12, 19);
    const { timestamp } = frame(30);
    await frames.appendNext(id, { timestamp, received_at: timestamp, no_of_face: 1 });
    const { folded, settled } = await fold(byTime);
    expect([folded.state.frames, settled.state.frames]).toEqual([19, 10]);
  });

  test('by time do not keep a checkpoint back for more than 500 frames', async () => {
    await store(1, 400);
    expect((await fold(byTime)).settled.state.frames).toBe(0);
    await store(401, 600);
    expect((await fold(byTime)).settled.state.frames).toBe(600);
  });

  test('in order of arrival are settled at once', async () => {
    await store(5, 9);
    expect((await fold(byArrival)).settled.state.frames).toBe(5);
  });

  test('that came before the checkpoint’s time make the analysis by time start over', async () => {
    await store(1, 600);
    const checkpoint = await kept(byTime);
    expect(checkpoint.folded.state.frames).toBe(600);
    await store(0, 0);
    const { folded } = await fold(byTime, checkpoint);
    expect(folded.state.frames).toBe(601);
    expect(JSON.stringify(folded)).toBe(JSON.stringify((await fold(byTime)).folded));
  });
});

describe('expired frames', () => {
  test.each([byTime, byArrival])(
    'stay in the analysis through the checkpoint, though its rules differ by now',
    async (rules) => {
      await store(0, 49);
      const checkpoint = await kept(rules);
      await frames.clear(id);
      // The stream still counts them, as it does when frames expire before it.
      const stream = { stateOf: async () => ({ ...(await frames.stateOf(id)), frames: 50 }) };
      const expired = Object.assign(Object.create(frames) as EmbeddedFrameStore, {
        ...stream,
        read: (sessionId: string, fromMs?: number) => frames.read(sessionId, fromMs),
        arrivals: (sessionId: string) => frames.arrivals(sessionId),
      });
      const asked = { version: '1', accommodations: [] };
      const caughtUp = await catchUp(expired, id, checkpoint, asked, startMs);
      expect(caughtUp.rules).toEqual(rules);
      expect(caughtUp.folded.state.frames).toBe(50);
    },
  );
});
