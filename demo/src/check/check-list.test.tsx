// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { find, rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import type { Reading } from './camera-check.ts';
import { CheckList } from './check-list.tsx';

const on = { state: 'on', label: 'HD Webcam', widthPx: 640, heightPx: 480, frameRateHz: 30 } as const;
const good: Omit<Reading, 'timestamp'> = {
  no_of_face: 1,
  face_x: 320,
  face_w: 200,
  image_width: 640,
  image_brightness: 0.5,
  image_sharpness: 0.5,
};

/** Two seconds of readings at five a second. */
const history = (change: Partial<Reading> = {}, periodMs = 200): Reading[] =>
  Array.from({ length: 11 }, (_, at) => ({ ...good, ...change, timestamp: at * periodMs }));

/** Each line as its name, whether it is good, and what to do. */
const lines = (place: HTMLElement): Record<string, [good: string, help: string]> =>
  Object.fromEntries(
    [...place.querySelectorAll<HTMLElement>('li')].map((line) => [
      find(line, 'strong').textContent,
      [line.dataset['good'] ?? '', find(line, '.soft').textContent],
    ]),
  );

let isUp: boolean;
let health: unknown;

beforeEach(() => {
  isUp = true;
  health = { status: 'ok', version: '0.1.0', parts: { store: 'ok' } };
  answerRequests({ 'GET /healthz': () => (isUp ? [200, health] : null) });
});

afterEach(async () => {
  await rendered(null);
  vi.unstubAllGlobals();
});

describe('the camera check', () => {
  test('reports that everything is good', async () => {
    const place = await rendered(<CheckList camera={on} history={history()} />);
    await waitFor(() => expect(find(place, '[role=status]').textContent).toContain('Everything looks good'));
    expect(Object.values(lines(place)).every(([isGood]) => isGood === 'true')).toBe(true);
    expect(lines(place)['Camera']?.[1]).toBe('HD Webcam, 640 × 480');
    expect(lines(place)['Speed']?.[1]).toBe('Analysing 5.0 frames per second.');
  });

  test('has checked nothing before the first reading', async () => {
    const place = await rendered(<CheckList camera={{ state: 'starting' }} history={[]} />);
    const { Connection: _, ...others } = lines(place);
    expect(Object.values(others).map(([isGood]) => isGood)).toEqual(['null', 'null', 'null', 'null', 'null']);
    expect(others['Lighting']?.[1]).toBe('not checked yet');
    expect(find(place, '[role=status]').textContent).toContain('does not count against you');
  });

  test.each([
    [{ image_brightness: 0.1 }, 'Lighting', 'Too dark'],
    [{ image_brightness: 0.95 }, 'Lighting', 'Too bright'],
    [{ no_of_face: 0 }, 'Position', 'No face in view'],
    [{ no_of_face: 2 }, 'Position', 'More than one face'],
    [{ face_w: 40 }, 'Position', 'too far away'],
    [{ face_w: 500 }, 'Position', 'too close'],
    [{ face_x: 40 }, 'Position', 'towards the centre'],
    [{ image_obstructed: 1 }, 'Image', 'covering the camera'],
    [{ image_frozen: 1 }, 'Image', 'frozen'],
    [{ image_sharpness: 0.01 }, 'Image', 'blurred'],
  ] as const)('%j: %s needs attention', async (change, name, help) => {
    const place = await rendered(<CheckList camera={on} history={history(change)} />);
    const line = lines(place)[name];
    expect(line?.[0]).toBe('false');
    expect(line?.[1]).toContain(help);
  });

  test('goes by the newest reading', async () => {
    const place = await rendered(<CheckList camera={on} history={[...history({ no_of_face: 0 }), ...history()]} />);
    expect(lines(place)['Position']?.[0]).toBe('true');
  });

  test('reports that a slow device is sufficient for the exam', async () => {
    const place = await rendered(<CheckList camera={on} history={history({}, 500)} />);
    expect(lines(place)['Speed']).toEqual(['false', expect.stringContaining('2.0 frames per second. That is enough')]);
  });

  test('reports a disconnected camera', async () => {
    const lost = { state: 'lost', sinceMs: 0, cause: 'disconnected' } as const;
    const place = await rendered(<CheckList camera={lost} history={history()} />);
    expect(lines(place)['Camera']).toEqual(['false', 'Disconnected. Plug the camera back in.']);
  });

  test('reports that the exam can be taken although the server is unavailable', async () => {
    isUp = false;
    const place = await rendered(<CheckList camera={on} history={history()} />);
    await waitFor(() => expect(lines(place)['Connection']?.[0]).toBe('false'));
    expect(lines(place)['Connection']?.[1]).toContain('You can still take the exam');
  });

  test.each([[{}], [{ status: 'ok' }], ['<!doctype html>'], [null]])(
    'does not take %j from another server for an answer',
    async (answer) => {
      health = answer;
      const place = await rendered(<CheckList camera={on} history={history()} />);
      await waitFor(() => expect(lines(place)['Connection']?.[0]).toBe('false'));
    },
  );

  test('states each line’s status as text, not by colour alone', async () => {
    const place = await rendered(<CheckList camera={on} history={history({ no_of_face: 0 })} />);
    const said = [...place.querySelectorAll('li .visually-hidden')].map(({ textContent }) => textContent);
    expect(said.slice(0, 3)).toEqual([': OK. ', ': OK. ', ': needs attention. ']);
  });
});
