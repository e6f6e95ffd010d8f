import { createPerception } from '@invigil/engine/testing/perception';
import type { FeatureReadings } from '@invigil/engine/testing/perception';
import { expose } from './bench-page.ts';
import { ExamRates } from './exam-rates.ts';

/** A measuring machine may be busy. */
const limits = { loadSilenceMs: 120_000, firstReadsMs: 120_000, readMs: 60_000 };
const perception = createPerception({ modelsUrl: '/models/', backend: 'wasm' }, { limits });

const times: Record<string, number[]> = { face: [], object: [], hand: [] };
const last: Record<string, number> = {};

const rates = new ExamRates();

/** A frame states each detector's last duration; a new figure is a new run. */
const note = (detector: string, ms: number | null | undefined): void => {
  if (ms == null || last[detector] === ms) return;
  last[detector] = ms;
  times[detector]?.push(ms);
};

expose({
  async load(trial) {
    await perception.load(() => undefined);
    await perception.read(trial, 0);
  },
  async read(image, atMs) {
    const readings: FeatureReadings = await perception.read(image, atMs);
    rates.add(readings);
    note('face', readings.engine_face_ms);
    note('object', readings.engine_object_ms);
    note('hand', readings.engine_hand_ms);
  },
  async detectorTimesMs(pictures) {
    for (const picture of pictures) picture.close();
    return times;
  },
  budget: rates,
  tensors: async () => (await perception.memory()).tensors,
  still: (image) => perception.readStill(image),
});
