import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CameraList } from './camera-list.ts';
import type { Cameras } from './camera-list.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let devices: { deviceId: string; label: string; kind: string }[];
let media: EventTarget & { enumerateDevices?: () => Promise<unknown> };
let seen: Cameras[];
let list: CameraList;

const video = (deviceId: string, label: string) => ({ deviceId, label, kind: 'videoinput' });

beforeEach(() => {
  devices = [];
  seen = [];
  media = new EventTarget();
  media.enumerateDevices = async () => devices;
  vi.stubGlobal('navigator', { mediaDevices: media });
  list = new CameraList((cameras) => seen.push(cameras));
});

afterEach(() => {
  list.close();
  vi.unstubAllGlobals();
});

test('lists named cameras with their kind and the one in use, and nothing else', async () => {
  devices = [video('a', 'Webcam'), { deviceId: 'm', label: 'Microphone', kind: 'audioinput' }, video('b', 'IR Camera')];
  await list.read('a');
  expect(list.cameras).toEqual({
    choices: [
      { deviceId: 'a', label: 'Webcam', kind: 'colour' },
      { deviceId: 'b', label: 'IR Camera', kind: 'infrared' },
    ],
    usedId: 'a',
  });
  expect(list.count).toBe(2);
});

test('counts cameras that have no name yet, and offers none of them', async () => {
  devices = [video('', ''), video('', '')];
  await list.read(null);
  expect(list.cameras.choices).toEqual([]);
  expect(list.count).toBe(2);
});

test('reports a camera that is plugged in, and nothing while the list stays the same', async () => {
  devices = [video('a', 'Webcam')];
  await list.read('a');
  media.dispatchEvent(new Event('devicechange'));
  devices = [...devices, video('b', 'Second')];
  media.dispatchEvent(new Event('devicechange'));
  await waitFor(() => expect(list.count).toBe(2), { timeout: 15_000 });
  await list.read('a');
  expect(seen.map(({ choices }) => choices?.length)).toEqual([1, 2]);
});

test('is unknown where the browser has no cameras for pages', async () => {
  vi.stubGlobal('navigator', {});
  const other = new CameraList(() => expect.unreachable());
  await other.read(null);
  expect(other.count).toBeNull();
  expect(other.cameras.choices).toBeNull();
  other.close();
});

test('reports nothing after it was closed', async () => {
  devices = [video('a', 'Webcam')];
  const reading = list.read(null);
  list.close();
  await reading;
  media.dispatchEvent(new Event('devicechange'));
  await Promise.resolve();
  expect(seen).toEqual([]);
});
