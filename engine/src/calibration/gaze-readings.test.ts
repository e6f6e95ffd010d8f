import { describe, expect, test } from 'vitest';
import { createNoise, lookAt, upright } from '../../test/support/synthetic-gaze.ts';
import { fitGaze } from './gaze-fit.ts';
import { movingSamples, openEyes, stillSamples } from './gaze-readings.ts';
import type { GazeReading, StillTarget } from './gaze-readings.ts';
import type { PointPx } from './gaze-sample.ts';
import { nineTargets, pursuitTarget } from './target-plan.ts';

const screen = { widthPx: 1280, heightPx: 720 };
const onScreen = ({ x, y }: PointPx): PointPx => ({ x: x * screen.widthPx, y: y * screen.heightPx });
const noise = createNoise(4);
const looking = (target: PointPx, atMs: number): GazeReading => ({
  atMs,
  signal: lookAt(target, screen, upright, 0.1, noise),
  eyesClosed: false,
});
const closed = (atMs: number): GazeReading => ({ atMs, signal: null, eyesClosed: true });

/** Nine targets, two seconds each, with ten readings a second. */
const targets: StillTarget[] = nineTargets.map((share, index) => ({
  target: onScreen(share),
  fromMs: index * 2000 + 600,
  toMs: index * 2000 + 2000,
}));
const readings = targets.flatMap(({ target, fromMs }) =>
  Array.from({ length: 14 }, (_, i) => looking(target, fromMs + i * 100)),
);

describe('readings of still targets', () => {
  test('become samples of the target that was shown, starting after the eyes have arrived', () => {
    const late = targets.map(({ fromMs }) => looking({ x: 0, y: 0 }, fromMs - 50));
    const samples = stillSamples([...readings, ...late], targets, 3);
    expect(new Set(samples.map(({ group }) => group)).size).toBe(9);
    expect(samples.length).toBeLessThanOrEqual(readings.length);
    expect(fitGaze(samples)?.heldOutErrorPx).toBeLessThan(60);
  });

  test('a blink and the readings beside it are excluded', () => {
    const blinking = readings.map((reading, i) => (i % 14 === 7 ? closed(reading.atMs) : reading));
    const open = openEyes(blinking);
    expect(open.length).toBe(readings.length - 9 * 3);
    expect(open.some(({ atMs }) => Math.abs(atMs - blinking[7]!.atMs) < 180)).toBe(false);
  });

  test('closing lids, which shift the irises, do not spoil the fit', () => {
    const downwards = readings.map((reading, i) => {
      if (i % 14 === 7) return closed(reading.atMs);
      if (i % 14 !== 6 && i % 14 !== 8) return reading;
      return looking({ x: 640, y: 2500 }, reading.atMs);
    });
    expect(fitGaze(stillSamples(downwards, targets, 3))?.heldOutErrorPx).toBeLessThan(60);
  });

  test('a glance aside is excluded', () => {
    const glancing = readings.map((reading, i) =>
      i % 14 === 2 ? looking({ x: 2400, y: 100 }, reading.atMs) : reading,
    );
    expect(fitGaze(stillSamples(glancing, targets, 3))?.heldOutErrorPx).toBeLessThan(60);
  });

  test('a target with few readings does not count', () => {
    const missed = readings.filter(({ atMs }) => atMs < 2000 || atMs > 3800);
    expect(new Set(stillSamples(missed, targets, 3).map(({ group }) => group)).size).toBe(8);
  });
});

describe('readings of the moving target', () => {
  const [fromMs, toMs] = [20_000, 28_000];
  const at = (atMs: number): PointPx => onScreen(pursuitTarget((atMs - fromMs) / (toMs - fromMs)));
  const still = stillSamples(readings, targets, 3);
  const follow = (lagMs: number): GazeReading[] =>
    Array.from({ length: 80 }, (_, i) => looking(at(fromMs + i * 100 - lagMs), fromMs + i * 100));

  test('are assigned to the target’s position at that time', () => {
    const samples = movingSamples(follow(150), { fromMs, toMs, at }, still);
    expect(samples.length).toBeGreaterThan(60);
    expect(new Set(samples.map(({ group }) => group)).size).toBe(4);
    const before = fitGaze(still)?.heldOutErrorPx ?? Infinity;
    expect(fitGaze([...still, ...samples])?.heldOutErrorPx).toBeLessThan(before * 1.1);
  });

  test('of a student who did not follow it are excluded', () => {
    const elsewhere = follow(0).map(({ atMs }) => looking({ x: 640, y: 360 }, atMs));
    expect(movingSamples(elsewhere, { fromMs, toMs, at }, still)).toEqual([]);
  });
});
