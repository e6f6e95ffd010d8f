import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { createNoise, lookAt, upright } from '../../test/support/synthetic-gaze.ts';
import type { Sitter } from '../../test/support/synthetic-gaze.ts';
import { CalibratedGaze } from './calibrated-gaze.ts';
import { calibrate } from './calibrate.ts';
import type { CalibrateOptions } from './calibrate.ts';
import type { CalibrationState } from './calibration-state.ts';
import { calibrationPace } from './calibration-run.ts';
import { calibrateGaze } from './calibrate-gaze.ts';
import type { CalibrationOutcome, GazeCalibration } from './gaze-calibration.ts';
import { predictGaze } from './predict-gaze.ts';
import type { GazeReading } from './gaze-readings.ts';
import { distancePx } from './gaze-sample.ts';
import type { PointPx } from './gaze-sample.ts';
import { KnownPlaces } from './known-places.ts';
import { nineTargets } from './target-plan.ts';
import { viewportPlace } from './viewport-place.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const screen = { widthPx: 1280, heightPx: 720 };
/** Delay with which the eyes reach the dot. */
const latencyMs = 60;
const pace = {
  ...calibrationPace,
  settleMs: 220,
  lookMs: 260,
  longestLookMs: 260,
  enoughReadings: 1,
  fewestReadings: 1,
  pursuitMs: 2400,
};

/** A faster pace, for simulated eyes that follow without delay. */
const hurried = { ...pace, settleMs: 20, lookMs: 130, longestLookMs: 130 };

interface Student {
  periodMs: number;
  noisePx: number;
  follows: boolean;
  /** Time between blinks; moving lids shift the irises in the adjacent images. */
  blinkEvery: number;
}
const attentive: Student = { periodMs: 16, noisePx: 0.3, follows: true, blinkEvery: 0 };

const dialogParts = () => document.querySelector('[data-invigil-calibration]')?.shadowRoot ?? null;
const dotPlace = (): PointPx | null => {
  const box = dialogParts()?.querySelector('.dot')?.getBoundingClientRect();
  return box === undefined || box.width === 0 ? null : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
const press = (className: string): void => dialogParts()?.querySelector<HTMLButtonElement>(`.${className}`)?.click();

/** A student whose gaze is known: it follows the dot with a short delay. */
const sit = ({ periodMs, noisePx, follows, blinkEvery }: Student, onReading: (reading: GazeReading) => void) => {
  const noise = createNoise(11);
  const path: { atMs: number; place: PointPx }[] = [];
  let count = 0;
  const look = (): void => {
    const atMs = performance.now();
    const place = dotPlace();
    if (place !== null) path.push({ atMs, place });
    const seen = path.findLast((moment) => moment.atMs <= atMs - latencyMs)?.place ?? { x: 640, y: 360 };
    const phase = blinkEvery === 0 ? -1 : count++ % blinkEvery;
    if (phase === 2) return onReading({ atMs, signal: null, eyesClosed: true });
    const wanted = follows ? seen : { x: 640, y: 360 };
    const target = phase === 1 || phase === 3 ? { x: wanted.x, y: wanted.y + 900 } : wanted;
    onReading({ atMs, signal: lookAt(target, screen, upright, noisePx, noise), eyesClosed: false });
  };
  const timer = setInterval(look, periodMs);
  return () => clearInterval(timer);
};

const steps: number[] = [];

const calibrateWith = async (
  student: Student,
  options: CalibrateOptions = {},
  ownPace = pace,
): Promise<CalibrationOutcome | null> => {
  steps.length = 0;
  const outcome = calibrate(document.body, options, {
    pace: ownPace,
    nowMs: () => Date.now(),
    onStep: (step) => steps.push(step),
    listen: (onReading) => sit(student, onReading),
  });
  press('begin');
  return outcome;
};

const calibrated = (outcome: CalibrationOutcome | null): GazeCalibration => {
  if (outcome?.ok !== true) throw new Error(`not calibrated: ${JSON.stringify(outcome)}`);
  return outcome.calibration;
};

const places: PointPx[] = Array.from({ length: 40 }, (_, i) => ({
  x: 150 + ((i * 173) % 980),
  y: 80 + ((i * 89) % 560),
}));

/** The fit's own error, at places other than the targets: the eyes here are exact. */
const fitErrorPx = ({ weights }: GazeCalibration): number => {
  const errors = places.map((place) =>
    distancePx(
      predictGaze(
        lookAt(place, screen, upright, 0, () => 0),
        weights,
      ),
      place,
    ),
  );
  return errors.reduce((sum, px) => sum + px, 0) / errors.length;
};

beforeAll(() => page.viewport(screen.widthPx, screen.heightPx));

describe('a calibration in the page, with known eyes', () => {
  test('finds where the eyes look, and more accurately with more readings', async () => {
    const few = calibrated(await calibrateWith({ ...attentive, periodMs: 130, noisePx: 0.4 }));
    const many = calibrated(await calibrateWith({ ...attentive, noisePx: 0.4 }));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(many.samples).toBeGreaterThan(few.samples);
    expect(many.targets).toBe(9);
    expect(fitErrorPx(many)).toBeLessThan(fitErrorPx(few));
    expect(fitErrorPx(many)).toBeLessThan(35);
    expect(many.errorPx).toBeGreaterThan(fitErrorPx(many));
    expect(many.usual.headZCm).toBeCloseTo(upright.distanceCm, -1);
  });

  test('ignores blinks, and uses only still targets if reduced motion is requested', async () => {
    const blinking = calibrated(
      await calibrateWith({ ...attentive, noisePx: 0.1, blinkEvery: 40 }, { reducedMotion: true }),
    );
    expect(steps.at(-1)).toBe(13);
    expect(fitErrorPx(blinking)).toBeLessThan(35);
  });

  test('refuses eyes that do not follow, and skips the moving target', async () => {
    expect(await calibrateWith({ ...attentive, follows: false }, {}, hurried)).toMatchObject({
      ok: false,
      reason: 'inaccurate',
    });
    expect(steps.at(-1)).toBe(9);
  });

  test('refuses eyes that are closed', async () => {
    expect(await calibrateWith({ ...attentive, blinkEvery: 3 }, {}, hurried)).toMatchObject({
      ok: false,
      reason: 'few_readings',
    });
  });

  test('ends with Escape, and restores the focus', async () => {
    const button = document.body.appendChild(document.createElement('button'));
    button.focus();
    const outcome = calibrateWith(attentive);
    await waitUntil(() => steps.length > 0);
    await userEvent.keyboard('{Escape}');
    expect(await outcome).toBeNull();
    expect(document.querySelector('[data-invigil-calibration]')).toBeNull();
    expect(document.activeElement).toBe(button);
    button.remove();
  });

  test('can be skipped, and ended by the page', async () => {
    const parts = { nowMs: () => 0, onStep: () => undefined, listen: () => () => undefined };
    const skipped = calibrate(document.body, {}, parts);
    press('skip');
    expect(await skipped).toBeNull();
    const end = new AbortController();
    const ended = calibrate(document.body, { signal: end.signal }, parts);
    end.abort();
    expect(await ended).toBeNull();
  });

  test('uses the language of its container', () => {
    const german = document.body.appendChild(document.createElement('div'));
    german.lang = 'de';
    const end = new AbortController();
    const parts = { nowMs: () => 0, onStep: () => undefined, listen: () => () => undefined };
    void calibrate(german, { signal: end.signal, texts: { begin: 'Los' } }, parts);
    expect(dialogParts()?.querySelector('h2')?.textContent).toBe('Blickkalibrierung');
    expect(dialogParts()?.querySelector('.begin')?.textContent).toBe('Los');
    end.abort();
    german.remove();
  });
});

describe('after the calibration', () => {
  const sessionId = 'gaze-browser-test';
  /** The glasses have slipped: every reading is 2° off. */
  const slipped: Sitter = { ...upright, eyeOffsetRad: 0.035 };
  const noise = createNoise(21);
  let gaze: CalibratedGaze;
  let known: KnownPlaces;
  const samples = nineTargets.flatMap((share, index) => {
    const target = { x: share.x * screen.widthPx, y: share.y * screen.heightPx };
    return Array.from({ length: 8 }, () => ({
      target,
      group: `still ${index}`,
      signal: lookAt(target, screen, upright, 0.05, noise),
    }));
  });
  const states: CalibrationState[] = [];

  const open = (): CalibratedGaze =>
    new CalibratedGaze({
      sessionId,
      examArea: { x: 0, y: 0, width: 640, height: 720 },
      nowMs: () => Date.now(),
      onState: (state) => states.push(state),
    });
  /** A frame's gaze fields for these eyes now. */
  const read = (target: PointPx, sitter: Sitter) =>
    gaze.gazePoint(
      { gaze_direction: 'center', gaze_signal: lookAt(target, screen, sitter, 0.05, noise) },
      false,
      performance.now(),
    );
  const clear = (): void => {
    gaze.gazePoint({ unknown: { gaze: 'eyes_closed' } }, false, performance.now());
  };
  const errorPx = (target: PointPx, sitter: Sitter): number => {
    clear();
    const { gazePoint_x, gazePoint_y } = read(target, sitter);
    return distancePx({ x: gazePoint_x ?? Infinity, y: gazePoint_y ?? Infinity }, target);
  };

  beforeEach(() => {
    states.length = 0;
    gaze = open();
    const calibration = calibrated(calibrateGaze(samples, { atMs: Date.now(), viewport: viewportPlace() }));
    gaze.settle({ ok: true, calibration: { ...calibration, errorPx: 60 } });
    known = new KnownPlaces((place, atMs) => gaze.noteKnownPlace(place, atMs));
  });
  afterEach(() => {
    known.close();
    gaze.forget();
    document.body.replaceChildren();
  });

  test('frames have the gaze point and whether it is in the exam’s area; closed eyes have none', () => {
    expect(gaze.takeUpdate().calibration).toMatchObject({ state: 'calibrated', targets: 9, viewport_width: 1280 });
    expect(gaze.takeUpdate()).toEqual({});
    const inside = read({ x: 300, y: 300 }, upright);
    expect(Math.abs((inside.gazePoint_x ?? NaN) - 300)).toBeLessThan(60);
    expect(inside).toMatchObject({ gaze_on_script: 1 });
    clear();
    expect(read({ x: 1100, y: 300 }, upright)).toMatchObject({ gaze_on_script: 0 });
    expect(gaze.gazePoint({ unknown: { gaze: 'eyes_closed' } }, false, performance.now())).not.toHaveProperty(
      'gazePoint_x',
    );
  });

  test('the gaze point stays between two eye readings, but not for long', () => {
    const atMs = performance.now();
    read({ x: 300, y: 300 }, upright);
    expect(gaze.gazePoint({ gaze_direction: 'center' }, false, atMs + 400)).toHaveProperty('gazePoint_x');
    expect(gaze.gazePoint({ gaze_direction: 'center' }, false, atMs + 4000)).not.toHaveProperty('gazePoint_x');
  });

  test('drift is detected from clicks, and corrected', async () => {
    const spots = [
      [200, 150],
      [1000, 500],
      [600, 300],
      [300, 600],
      [900, 200],
    ].map(([left, top]) => {
      const button = document.body.appendChild(document.createElement('button'));
      button.style.cssText = `position: fixed; left: ${left}px; top: ${top}px; width: 40px; height: 40px;`;
      return { button, target: { x: (left ?? 0) + 20, y: (top ?? 0) + 20 } };
    });
    const beforePx = errorPx({ x: 640, y: 360 }, slipped);
    for (const { button, target } of spots) {
      clear();
      const clicked = userEvent.click(button);
      const timer = setInterval(() => read(target, slipped), 100);
      await clicked;
      // A click is compared with the readings around it, once all of them are available.
      const until = performance.now() + 700;
      await waitUntil(() => performance.now() > until, { timeout: 5000 });
      clearInterval(timer);
    }
    const afterPx = errorPx({ x: 640, y: 360 }, slipped);
    expect(beforePx).toBeGreaterThan(50);
    expect(afterPx).toBeLessThan(beforePx * 0.65);
    expect(states.at(-1)).toMatchObject({ state: 'calibrated', driftXPx: expect.any(Number) });
    const { gaze_drift_x, gaze_drift_y } = gaze.takeUpdate();
    expect(Math.hypot(gaze_drift_x ?? 0, gaze_drift_y ?? 0)).toBeGreaterThan(20);
    // A reload during the exam keeps the corrections.
    gaze = open();
    expect(gaze.state).toMatchObject({ state: 'calibrated', driftXPx: gaze_drift_x });
    expect(errorPx({ x: 640, y: 360 }, slipped)).toBeLessThan(beforePx * 0.65);
  });

  test('a calibration that has moved too far is discarded; directions remain', () => {
    const far: Sitter = { ...upright, eyeOffsetRad: 0.2 };
    const place = { x: 640, y: 360 };
    for (let click = 0; click < 6; click += 1) {
      const atMs = 10_000 + click * 2000;
      const signal = lookAt(place, screen, far, 0.05, noise);
      gaze.noteKnownPlace(place, atMs);
      for (const laterMs of [-100, 0, 1000]) {
        gaze.gazePoint({ gaze_direction: 'center', gaze_signal: signal }, false, atMs + laterMs);
      }
    }
    expect(states.at(-1)).toMatchObject({ state: 'drifted' });
    expect(gaze.takeUpdate().calibration).toMatchObject({ state: 'drifted' });
    expect(read(place, far)).toEqual({});
    expect(open().state).toEqual({ state: 'none' });
  });

  test('an inaccurate calibration leaves directions, and the frames state it', () => {
    gaze.settle({ ok: false, reason: 'inaccurate', errorPx: 300, atMs: 5 });
    expect(gaze.takeUpdate().calibration).toMatchObject({ state: 'too_poor', error_px: 300 });
    expect(read({ x: 300, y: 300 }, upright)).toEqual({});
  });
});

describe('the place of the caret', () => {
  const typedInto = async (html: string, text: string): Promise<PointPx[]> => {
    document.body.innerHTML = html;
    const field = document.querySelector<HTMLElement>('[data-field]');
    if (field === null) throw new Error('no field');
    field.focus();
    const found: PointPx[] = [];
    const known = new KnownPlaces((place) => found.push(place));
    await userEvent.keyboard(text);
    known.close();
    document.body.replaceChildren();
    return found;
  };
  const style =
    'position: fixed; left: 100px; top: 200px; width: 400px; padding: 0; border: 0; font: 20px/30px monospace;';

  test.each([
    ['a text area', `<textarea data-field rows="8" style="${style}">first line\nsecond li</textarea>`],
    ['an editable part of the page', `<div data-field contenteditable style="${style}">first line<br>second li</div>`],
  ])('finds the caret in %s', async (_, html) => {
    const [caret] = await typedInto(html, '{Control>}{End}{/Control}n');
    expect(caret?.x).toBeGreaterThan(100 + 9 * 10);
    expect(caret?.x).toBeLessThan(100 + 12 * 14);
    expect(caret?.y).toBeGreaterThan(230);
    expect(caret?.y).toBeLessThan(260);
  });

  test('finds the caret in a single-line field too', async () => {
    const [caret] = await typedInto(`<input data-field value="abcd" style="${style} height: 30px;">`, '{End}e');
    expect(caret?.x).toBeGreaterThan(140);
    expect(caret?.x).toBeLessThan(180);
    expect(caret?.y).toBeCloseTo(215, -1);
  });
});
