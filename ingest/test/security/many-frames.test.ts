import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { defaultRules } from '../../src/analysis/analysis-rules.ts';
import { EmbeddedCheckpointStore } from '../../src/analysis/embedded-checkpoint-store.ts';
import { RunningAnalysis } from '../../src/analysis/running-analysis.ts';
import { EmbeddedFrameStore } from '../../src/frames/embedded-frame-store.ts';
import { lively } from './exam-fixture.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const log = pino({ level: 'silent' });
const now = (): number => startMs + 600_000;
let folder: string;

/** The real store, counting the frames that it reads. */
class CountedStore extends EmbeddedFrameStore {
  reads = 0;

  override async *read(...asked: Parameters<EmbeddedFrameStore['read']>): ReturnType<EmbeddedFrameStore['read']> {
    for await (const chunk of super.read(...asked)) {
      this.reads += chunk.length;
      yield chunk;
    }
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-many-frames-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const frame = (seq: number, timestamp: number): StoredFrame => ({
  ...lively(seq, timestamp),
  frame_id: String(seq),
  seq,
  received_at: now(),
});

test('frames of one moment and late frames cost no more than others: none is read or analysed again', async () => {
  const retention = { frameRetentionSeconds: 1e6, streamRetentionSeconds: 1e6 };
  const frames = new CountedStore({ file: join(folder, 'frames.db'), ...retention, log, now });
  const checkpoints = new EmbeddedCheckpointStore({
    file: join(folder, 'analysis.db'),
    retentionSeconds: 1e6,
    log,
    now,
  });
  const rulesOf = async () => defaultRules;
  const startedMsOf = async () => startMs;
  const running = new RunningAnalysis({ frames, checkpoints, rulesOf, startedMsOf, log, now });
  const send = async (sent: StoredFrame[]): Promise<void> => {
    const stored = await frames.append('eve', { frames: sent, lost: [], lossTotals: {}, chain: null });
    if (stored.status !== 'stored') throw new Error(stored.status);
    await running.stored('eve', stored.stored, stored.position);
    await running.advance();
  };
  const perBatch = 500;
  for (let batch = 0; batch < 8; batch += 1) {
    await send(Array.from({ length: perBatch }, (_, at) => frame(batch * perBatch + at, startMs + 300_000)));
  }
  const readAtStart = frames.reads;
  // The first frames of a session are read once, because nothing is in memory yet.
  expect(readAtStart).toBeLessThanOrEqual(perBatch);
  for (let late = 0; late < 50; late += 1) {
    await send([frame(8 * perBatch + late, startMs + 1000 - late)]);
    const { folded } = await running.analyze('eve', defaultRules);
    expect(folded.state.frames).toBe(8 * perBatch + late + 1);
  }
  expect(frames.reads).toBe(readAtStart);
  await running.close();
  await frames.close();
});
