import { expect, test } from 'vitest';
import type { EngineFacts } from '../worker/perception.ts';
import { resumeSession } from './resume-session.ts';
import type { ProctorState } from './state.ts';

type Running = Extract<ProctorState, { state: 'running' }>;

const engine = { backend: 'wasm' } as unknown as EngineFacts;
const opened = { state: 'open' } as unknown as Running['camera'];
const closed = { state: 'closed' } as unknown as Running['camera'];

/** A session that runs without its image analysis. `during`: called while the models load. */
const tryAgain = async (during: (state: { current: Running }) => void) => {
  const calls: string[] = [];
  let camera = closed;
  const state = {
    current: { state: 'running', engine: null, camera, breakSinceMs: null, missing: 'image_analysis' } as Running,
  };
  const resumed = await resumeSession({
    running: { regain: () => void calls.push('regain'), endBreak: () => void calls.push('endBreak') },
    state: () => state.current,
    async load() {
      during(state);
      return engine;
    },
    async openCamera() {
      camera = opened;
    },
    closeCamera: () => (camera = closed),
    camera: () => camera,
    onError: (error) => expect.fail(String(error)),
  });
  return { resumed, calls };
};

test('a missing part that works again is used at once', async () => {
  const { resumed, calls } = await tryAgain(() => undefined);
  expect(resumed).toMatchObject({ engine, camera: opened, breakSinceMs: null, missing: null });
  expect(calls).toEqual(['regain']);
});

test('a break that begins while a missing part is tried goes on, with the camera closed', async () => {
  const { resumed, calls } = await tryAgain((state) => (state.current = { ...state.current, breakSinceMs: 7 }));
  expect(resumed).toMatchObject({ engine, camera: closed, breakSinceMs: 7, missing: null });
  expect(calls).toEqual(['regain']);
});
