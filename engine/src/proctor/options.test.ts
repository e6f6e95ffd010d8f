import { expect, test } from 'vitest';
import { resolveOptions } from './options.ts';

const needed = { serverUrl: 'https://exam.example/', sessionId: 'abc' };

test('fills in the defaults, also where an option is undefined', () => {
  const given = { ...needed, frameRateHz: undefined } as unknown as typeof needed;
  expect(resolveOptions(given)).toMatchObject({
    serverUrl: 'https://exam.example',
    modelsUrl: 'https://exam.example/models/',
    frameRateHz: 5,
    drainTimeoutMs: 10_000,
  });
});

test('0 is a value, not a missing one', () => {
  expect(resolveOptions({ ...needed, drainTimeoutMs: 0 }).drainTimeoutMs).toBe(0);
});

test.each([
  [{ sessionId: '../x' }, 'sessionId is ../x'],
  [{ serverUrl: 'exam.example' }, 'serverUrl is exam.example'],
  [{ frameRateHz: 0 }, 'frameRateHz is 0; it may be 1 to 15'],
  [{ frameRateHz: Number.NaN }, 'frameRateHz is NaN'],
  [{ budget: 2 }, 'budget is 2'],
])('%o is refused with its name, value and range', (wrong, detail) => {
  expect(() => resolveOptions({ ...needed, ...wrong })).toThrow(
    expect.objectContaining({ reason: 'options_invalid', detail: expect.stringContaining(detail) }),
  );
});
