import { Human } from '@vladmandic/human';
import type { Config, Result } from '@vladmandic/human';
import { expose } from './bench-page.ts';

/** `rates=ours` runs its detectors as often as Invigil's; otherwise everything is as by default. */
const isAtOurRates = new URLSearchParams(location.search).get('rates') === 'ours';

const human = new Human({
  backend: 'wasm',
  wasmPath: '/wasm/',
  modelBasePath: '/human-models/',
  debug: false,
  face: {
    enabled: true,
    mesh: { enabled: true },
    iris: { enabled: true },
    emotion: { enabled: false },
    description: { enabled: false },
  },
  hand: { enabled: true, ...(isAtOurRates ? { skipTime: 2000 } : {}) },
  object: { enabled: true, ...(isAtOurRates ? { skipTime: 780 } : {}) },
  body: { enabled: false },
  gesture: { enabled: false },
});

/**
 * Human uses the page's clock to record when a detector last ran; during a reading, it gets the exam's clock instead.
 */
let examMs: number | null = null;
const pageNow = performance.now.bind(performance);
performance.now = () => examMs ?? pageNow();

const only = (name: 'face' | 'hand' | 'object'): Partial<Config> => ({
  // Nothing is reused from the previous image: each run is complete.
  cacheSensitivity: 0,
  face: { ...human.config.face, enabled: name === 'face' },
  hand: { ...human.config.hand, enabled: name === 'hand' },
  object: { ...human.config.object, enabled: name === 'object' },
});

const gesture = (result: Result, word: string): string | null =>
  result.gesture
    .map(({ gesture: said }) => said as string)
    .find((said) => said.startsWith(word))
    ?.slice(word.length + 1) ?? null;

expose({
  async load(trial) {
    await human.load();
    await human.warmup();
    await human.detect(trial);
  },
  async read(image, atMs) {
    examMs = atMs;
    await human.detect(image).finally(() => (examMs = null));
    image.close();
  },
  async detectorTimesMs(pictures) {
    const times: Record<string, number[]> = {};
    const before = structuredClone(human.config);
    for (const name of ['face', 'hand', 'object'] as const) {
      times[name] = [];
      for (const [at, picture] of pictures.entries()) {
        const fromMs = performance.now();
        await human.detect(picture, only(name));
        // The first run prepares the model.
        if (at > 0) times[name].push(performance.now() - fromMs);
      }
    }
    Object.assign(human.config, before);
    return times;
  },
  tensors: async () => human.tf.memory().numTensors,
  async still(image) {
    const result = await human.detect(image, {
      cacheSensitivity: 0,
      gesture: { enabled: true },
      // Faces must be counted, and head angles are correct only with rotation.
      face: {
        ...human.config.face,
        enabled: true,
        detector: { ...human.config.face.detector, maxDetected: 4, rotation: true },
      },
    });
    image.close();
    const [face] = result.face;
    const phones = result.object.filter(({ label }) => label === 'cell phone').map(({ score }) => score);
    const angle = face?.rotation?.angle;
    return {
      no_of_face: result.face.length,
      head_yaw: angle?.yaw ?? null,
      head_pitch: angle?.pitch ?? null,
      head_roll: angle?.roll ?? null,
      phone_present: phones.length > 0 ? 1 : 0,
      phone_conf: 100 * Math.max(0, ...phones),
      hand_count: result.hand.length,
      facing: gesture(result, 'facing'),
      looking: gesture(result, 'looking'),
    };
  },
});
