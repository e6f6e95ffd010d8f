import { expect, test } from 'vitest';
import type { EngineFacts } from '../worker/perception.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import { withCamera, withCameraWait, withCapability } from './state.ts';
import type { ProctorState } from './state.ts';

const engine: EngineFacts = {
  backend: 'wasm',
  backendTimingsMs: { wasm: 20 },
  threads: 1,
  capabilities: { face: { available: true }, phone: { available: true }, hands: { available: true } },
  loadMs: 900,
};
const on = { state: 'on', label: 'Webcam', widthPx: 640, heightPx: 480, frameRateHz: 30 } as const;
const lost = { state: 'lost', sinceMs: 5, cause: 'muted' } as const;
const running: ProctorState = { state: 'running', engine, sinceMs: 1, camera: on, breakSinceMs: null, missing: null };
const failed: ProctorState = { state: 'failed', error: new ProctorError('camera_denied') };
const idle: ProctorState = { state: 'idle' };

test('a detector that fails is missing from then on, and the others are not', () => {
  const capability = { available: false, reason: 'out of memory' } as const;
  const state = withCapability(running, { detector: 'phone', capability });
  expect(state).toMatchObject({
    state: 'running',
    sinceMs: 1,
    engine: { capabilities: { phone: capability, hands: { available: true }, face: { available: true } } },
  });
  expect(engine.capabilities.phone).toEqual({ available: true });
});

test('states without an engine have no detectors', () => {
  const change = { detector: 'hands', capability: { available: true } } as const;
  expect(withCapability(idle, change)).toBe(idle);
  expect(withCapability(failed, change)).toBe(failed);
});

test('the camera’s state is part of every state in which the camera is in use', () => {
  expect(withCamera(running, lost)).toEqual({ ...running, camera: lost });
  const checking: ProctorState = { state: 'checking', engine, camera: on };
  expect(withCamera(checking, lost)).toEqual({ ...checking, camera: lost });
  const ready: ProctorState = { state: 'ready', engine };
  expect(withCamera(ready, lost)).toBe(ready);
  expect(withCamera(failed, lost)).toBe(failed);
});

test('states what opening the camera waits for, and clears it', () => {
  const ready: ProctorState = { state: 'ready', engine };
  const waiting = withCameraWait(ready, 'permission');
  expect(waiting).toEqual({ ...ready, waitingFor: 'permission' });
  expect(withCameraWait(waiting, null)).toEqual(ready);
  expect(withCameraWait(running, 'device')).toBe(running);
});
