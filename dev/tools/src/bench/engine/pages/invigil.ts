import { createPerception } from '@invigil/engine/testing/perception';
import { expose } from './bench-page.ts';

/** A measuring machine may be busy. */
const limits = { loadSilenceMs: 120_000, firstReadsMs: 120_000, readMs: 60_000 };
const perception = createPerception({ modelsUrl: '/models/', backend: 'wasm' }, { limits });

const times: Record<string, number[]> = { face: [], object: [], hand: [] };
const last: Record<string, number> = {};

/** The frame says what each detector took when it ran last; a new figure is a new run. */
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
    const { engine_face_ms: face, engine_object_ms: object, engine_hand_ms: hand } = await perception.read(image, atMs);
    note('face', face);
    note('object', object);
    note('hand', hand);
  },
  async detectorTimesMs(pictures) {
    for (const picture of pictures) picture.close();
    return times;
  },
  tensors: async () => (await perception.memory()).tensors,
  still: (image) => perception.readStill(image),
});
