import { describe, expect, test } from 'vitest';
import { createNoise, lookAt, upright } from '../../test/support/synthetic-gaze.ts';
import type { Sitter } from '../../test/support/synthetic-gaze.ts';
import { fitGaze } from './gaze-fit.ts';
import { predictGaze } from './predict-gaze.ts';
import { distancePx } from './gaze-sample.ts';
import type { GazeSample, PointPx } from './gaze-sample.ts';

const screen = { widthPx: 1280, heightPx: 720 };
const places = [0.1, 0.5, 0.9];
const nine = places.flatMap((y) => places.map((x) => ({ x: x * screen.widthPx, y: y * screen.heightPx })));

const samplesOf = (perTarget: number, noisePx: number, sitter: Sitter = upright, seed = 1): GazeSample[] => {
  const noise = createNoise(seed);
  return nine.flatMap((target, group) =>
    Array.from({ length: perTarget }, () => ({
      target,
      group: String(group),
      signal: lookAt(target, screen, sitter, noisePx, noise),
    })),
  );
};

/** Mean error at places other than the targets, over many readings. */
const errorElsewherePx = (weights: readonly number[], noisePx: number, sitter: Sitter = upright): number => {
  const noise = createNoise(77);
  const looks: PointPx[] = Array.from({ length: 60 }, (_, i) => ({
    x: 150 + ((i * 173) % 980),
    y: 80 + ((i * 89) % 560),
  }));
  const errors = looks.map((place) =>
    distancePx(predictGaze(lookAt(place, screen, sitter, noisePx, noise), weights), place),
  );
  return errors.reduce((sum, px) => sum + px, 0) / errors.length;
};

const fitted = (samples: readonly GazeSample[]) => {
  const fit = fitGaze(samples);
  if (fit === null) throw new Error('no fit');
  return fit;
};

describe('gaze fit', () => {
  test('finds the place that exact eyes look at, also between its targets', () => {
    const fit = fitted(samplesOf(2, 0));
    expect(fit.heldOutErrorPx).toBeLessThan(5);
    expect(errorElsewherePx(fit.weights, 0)).toBeLessThan(5);
  });

  test('more readings leave less noise in the fit', () => {
    const errors = [1, 4, 30].map((perTarget) => errorElsewherePx(fitted(samplesOf(perTarget, 0.3)).weights, 0));
    expect(errors[1]).toBeLessThan(errors[0]! * 0.7);
    expect(errors[2]).toBeLessThan(errors[1]! * 0.8);
  });

  test.each([0.1, 0.3, 0.6])('with noise of %f px the held-out error matches that at other places', (noisePx) => {
    const fit = fitted(samplesOf(12, noisePx));
    const elsewherePx = errorElsewherePx(fit.weights, noisePx);
    expect(fit.heldOutErrorPx).toBeGreaterThan(elsewherePx * 0.75);
    expect(fit.heldOutErrorPx).toBeLessThan(elsewherePx * 1.4);
  });

  test('learns eyes whose movement the mesh underestimates and whose axis is offset', () => {
    const sitter = { ...upright, eyeGain: 0.6, eyeOffsetRad: 0.09 };
    const fit = fitted(samplesOf(8, 0.05, sitter));
    expect(errorElsewherePx(fit.weights, 0, sitter)).toBeLessThan(20);
  });

  test('a head that moves and turns after the calibration keeps most of its accuracy', () => {
    const { weights } = fitted(samplesOf(10, 0.1));
    expect(errorElsewherePx(weights, 0, { ...upright, xCm: 5, distanceCm: 66 })).toBeLessThan(50);
    expect(errorElsewherePx(weights, 0, { ...upright, yawRad: 0.17, pitchRad: -0.1 })).toBeLessThan(60);
  });

  test('a few readings of eyes elsewhere do not change it', () => {
    const samples = samplesOf(10, 0.1);
    const noise = createNoise(5);
    const strayed = samples.map((sample, index) =>
      index % 10 === 3
        ? { ...sample, signal: lookAt({ x: 1200 - sample.target.x, y: 30 }, screen, upright, 0.1, noise) }
        : sample,
    );
    expect(errorElsewherePx(fitted(strayed).weights, 0)).toBeLessThan(30);
  });

  test('eyes that do not follow are no better than guessing', () => {
    const noise = createNoise(9);
    const still = samplesOf(10, 0).map((sample) => ({
      ...sample,
      signal: lookAt({ x: 640, y: 300 }, screen, upright, 0.3, noise),
    }));
    const fit = fitted(still);
    expect(fit.heldOutErrorPx).toBeGreaterThan(fit.blindErrorPx * 0.9);
  });

  test('two targets are too few', () => {
    expect(fitGaze(samplesOf(5, 0).filter(({ group }) => group < '2'))).toBeNull();
  });
});
