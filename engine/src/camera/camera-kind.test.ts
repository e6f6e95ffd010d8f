import { expect, test } from 'vitest';
import { cameraKind, isPreferred, preferredCamera } from './camera-kind.ts';

test.each([
  'OBS Virtual Camera',
  'OBS-Camera',
  'ManyCam Virtual Webcam',
  'XSplit VCam',
  'Snap Camera',
  'Dummy video device (0x0000)',
  'e2eSoft VCam',
  'DroidCam Source 3',
  'Iriun Webcam',
  'fake_device_0',
])('“%s” is the name of a virtual camera', (label) => expect(cameraKind(label)).toBe('virtual'));

test.each([
  'Integrated Camera (04f2:b6d0)',
  'HD Pro Webcam C920 (046d:0892)',
  'FaceTime HD Camera',
  'Front Camera',
  'camera2 1, facing front',
  'Jobs Webcam',
  '',
])('“%s” is the name of a device', (label) => expect(cameraKind(label)).toBe('colour'));

test.each([
  'Integrated IR Camera',
  'HP IR Camera (04f2:b6bf)',
  'Infrared Camera',
  'Infrarot-Kamera',
  'Cámara infrarroja',
])('“%s” is the name of an infrared camera', (label) => expect(cameraKind(label)).toBe('infrared'));

const camera = (label: string): { label: string } => ({ label });

test('a colour camera is preferred to a virtual one, and that one to an infrared one', () => {
  const [infrared, virtual, colour] = ['IR Camera', 'OBS Virtual Camera', 'Webcam'].map(camera);
  expect(preferredCamera([infrared!, virtual!, colour!])).toBe(colour);
  expect(preferredCamera([infrared!, virtual!])).toBe(virtual);
  expect(preferredCamera([infrared!])).toBe(infrared);
  expect(isPreferred('Webcam', 'OBS Virtual Camera')).toBe(true);
  expect(isPreferred('Webcam', 'Other webcam')).toBe(false);
});

test('nothing is preferred before the browser shows names', () => {
  expect(preferredCamera([camera(''), camera('')])).toBeNull();
});
