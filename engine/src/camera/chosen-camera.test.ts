import { afterEach, expect, test, vi } from 'vitest';
import { chosenCamera } from './chosen-camera.ts';

const storage = (entries: Record<string, string> = {}) => ({
  getItem: (key: string): string | null => entries[key] ?? null,
  setItem: (key: string, value: string): void => void (entries[key] = value),
});

afterEach(() => vi.unstubAllGlobals());

test('keeps the choice for the next page', () => {
  vi.stubGlobal('localStorage', storage());
  expect(chosenCamera.get()).toBeNull();
  chosenCamera.set({ deviceId: 'a', label: 'Webcam' });
  expect(chosenCamera.get()).toEqual({ deviceId: 'a', label: 'Webcam' });
});

test.each(['', 'null', '{', '[]', '{"deviceId":""}', '{"deviceId":"a"}', '{"deviceId":1,"label":"x"}'])(
  'an entry that is no choice is none: %s',
  (entry) => {
    vi.stubGlobal('localStorage', storage({ 'invigil-camera': entry }));
    expect(chosenCamera.get()).toBeNull();
  },
);

test('a page without storage has no choice, and does not fail', () => {
  vi.stubGlobal('localStorage', undefined);
  chosenCamera.set({ deviceId: 'a', label: 'Webcam' });
  expect(chosenCamera.get()).toBeNull();
});
