import { Delivery } from '../../src/connection/delivery.ts';
import type { DeliveryState } from '../../src/connection/delivery-state.ts';
import { createProctor } from '../../src/index.ts';
import { resolveOptions } from '../../src/proctor-options.ts';
import type { ProctorOptions } from '../../src/proctor-options.ts';
import { createWorkerTimers } from '../../src/timing/worker-timers.ts';

/** Delivery with frames from a clock in the place of the camera. */
const recordFrames = async (options: ProctorOptions, frameRateHz: number) => {
  const timers = createWorkerTimers();
  const states: DeliveryState[] = [];
  const errors: string[] = [];
  const delivery = await Delivery.open(resolveOptions(options), timers, {
    onState: (state) => states.push(state),
    onError: ({ reason }) => errors.push(reason),
  });
  const recorded: { seq: number; timestamp: number }[] = [];
  delivery.connect();
  const stopRecording = timers.every(1000 / frameRateHz, () => {
    const { seq, timestamp } = delivery.record({ face_present: 1, no_of_face: 1 }, Date.now(), performance.now());
    recorded.push({ seq, timestamp: Number(timestamp) });
  });
  return { delivery, states, errors, recorded, stopRecording };
};

const page = { createProctor, recordFrames };
export type TestPage = typeof page;

declare global {
  var invigil: TestPage;
}
globalThis.invigil = page;
