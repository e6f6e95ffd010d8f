import { afterEach, expect, test, vi } from 'vitest';
import { listCameras } from './camera-devices.ts';
import { cameraPermission, isForbiddenByPage, watchCameraPermission } from './camera-permission.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each(['granted', 'denied', 'prompt'])('returns the browser’s answer: %s', async (state) => {
  vi.stubGlobal('navigator', { permissions: { query: async () => ({ state }) } });
  expect(await cameraPermission()).toBe(state);
});

test('is unknown where the browser has no such question, or refuses it', async () => {
  vi.stubGlobal('navigator', {});
  expect(await cameraPermission()).toBeNull();
  vi.stubGlobal('navigator', {
    permissions: {
      query: () => {
        throw new TypeError('camera is no PermissionName');
      },
    },
  });
  expect(await cameraPermission()).toBeNull();
});

test('is unknown after a second without an answer', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { permissions: { query: () => new Promise(() => undefined) } });
  const permission = cameraPermission();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await permission).toBeNull();
});

test('reports each change until the caller stops listening', async () => {
  const status = Object.assign(new EventTarget(), { state: 'granted' });
  vi.stubGlobal('navigator', { permissions: { query: async () => status } });
  const listening = new AbortController();
  const seen: string[] = [];
  await watchCameraPermission((state) => seen.push(state), listening.signal);
  for (const state of ['denied', 'granted']) {
    status.state = state;
    status.dispatchEvent(new Event('change'));
  }
  listening.abort();
  status.dispatchEvent(new Event('change'));
  expect(seen).toEqual(['denied', 'granted']);
  // A browser without this permission, or one that answers too late, reports nothing.
  vi.stubGlobal('navigator', {});
  await watchCameraPermission((state) => seen.push(state), new AbortController().signal);
  expect(seen).toHaveLength(2);
});

test('reads the page’s policy under both of its names, and takes no policy as none', () => {
  const policy = (isAllowed: boolean) => ({ allowsFeature: (name: string) => name === 'camera' && isAllowed });
  vi.stubGlobal('document', {});
  expect(isForbiddenByPage()).toBe(false);
  vi.stubGlobal('document', { featurePolicy: policy(false) });
  expect(isForbiddenByPage()).toBe(true);
  vi.stubGlobal('document', { featurePolicy: policy(false), permissionsPolicy: policy(true) });
  expect(isForbiddenByPage()).toBe(false);
});

test('lists cameras, and no microphones', async () => {
  const devices = [{ kind: 'audioinput' }, { kind: 'videoinput' }, { kind: 'audiooutput' }, { kind: 'videoinput' }];
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: async () => devices } });
  expect(await listCameras()).toHaveLength(2);
});

test('knows of no list where the browser fails or hangs', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: () => Promise.reject(new Error('denied')) } });
  expect(await listCameras()).toBeNull();
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: () => new Promise(() => undefined) } });
  const list = listCameras();
  await vi.advanceTimersByTimeAsync(3000);
  expect(await list).toBeNull();
});
