import { expect, test } from 'vitest';
import type { EngineFacts } from '../worker/perception.ts';
import { createResumption } from './resumption.ts';
import type { ProctorState } from './state.ts';

const engine = {} as EngineFacts;
const cameraIsOff = { state: 'closed' } as never;

const runningWithout = (missing: 'image_analysis' | null, breakSinceMs: number | null): ProctorState => ({
  state: 'running',
  engine: null,
  sinceMs: 0,
  camera: cameraIsOff,
  breakSinceMs,
  missing,
});

/** A session whose models load when `finishLoading` is called. */
const session = (first: ProctorState) => {
  let state = first;
  const steps: string[] = [];
  const loads: (() => void)[] = [];
  const running = {
    isOnBreak: false,
    endBreak: () => {
      running.isOnBreak = false;
      steps.push('break ended');
    },
    regain: () => void steps.push('regained'),
  };
  const resume = createResumption({
    state: () => state,
    setState: (next) => (state = next),
    load: () => {
      steps.push('load');
      return new Promise<EngineFacts>((resolve) => loads.push(() => resolve(engine)));
    },
    openCamera: async () => void steps.push('camera opened'),
    closeCamera: () => void steps.push('camera closed'),
    camera: () => cameraIsOff,
    onError: () => undefined,
  });
  return {
    running,
    steps,
    resume: () => resume(running),
    finishLoading: () => loads.shift()?.(),
    beginBreak: () => {
      running.isOnBreak = true;
      if (state.state === 'running') state = { ...state, breakSinceMs: 1 };
    },
    state: () => state,
  };
};

test('two requests at once are one attempt', async () => {
  const { resume, finishLoading, steps } = session(runningWithout('image_analysis', null));
  const both = [resume(), resume()];
  finishLoading();
  await Promise.all(both);
  expect(steps).toEqual(['load', 'camera opened', 'regained']);
});

test('a break that begins while the image analysis loads can be ended', async () => {
  const { resume, finishLoading, beginBreak, steps, state, running } = session(runningWithout('image_analysis', null));
  const tried = resume();
  beginBreak();
  const ended = resume();
  finishLoading();
  await tried;
  expect(steps).toContain('camera closed');
  await ended;
  expect(running.isOnBreak).toBe(false);
  expect(state()).toMatchObject({ breakSinceMs: null, missing: null });
  expect(steps.filter((step) => step === 'load')).toHaveLength(1);
});

test('a session that lacks nothing is not tried again', async () => {
  const { resume, finishLoading, steps, state } = session(runningWithout('image_analysis', null));
  const first = resume();
  finishLoading();
  await first;
  await resume();
  expect(steps).toEqual(['load', 'camera opened', 'regained']);
  expect(state()).toMatchObject({ engine, missing: null });
});
