import { describe, expect, test } from 'vitest';
import {
  IngestError,
  busUnavailable,
  frameStoreUnavailable,
  isTemporary,
  keysUnavailable,
  recordsUnavailable,
  tooManyGaps,
} from './ingest-error.ts';

describe('isTemporary', () => {
  test.each([
    ['frame_store_unavailable', true],
    ['records_unavailable', true],
    ['bus_unavailable', true],
    ['keys_unavailable', true],
    ['end_in_progress', true],
    ['busy', true],
    ['too_many_gaps', false],
    // It would work a day later, which is too long to make a client retry.
    ['too_many_sessions', false],
    ['unknown_rules', false],
    ['frames_expired', false],
    ['not_a_dump', false],
    ['bad_config', false],
  ] as const)('%s: %s', (reason, expected) => {
    expect(isTemporary(new IngestError(reason, 'text'))).toBe(expected);
  });

  test.each([new Error('records_unavailable'), { reason: 'records_unavailable' }, 'records_unavailable', null])(
    'is false for %o, which is no error of ours',
    (error) => {
      expect(isTemporary(error)).toBe(false);
    },
  );
});

describe('messages', () => {
  test.each([frameStoreUnavailable, recordsUnavailable, busUnavailable, keysUnavailable])(
    'hold our own words and nothing that a driver said',
    (make) => {
      expect(make('too slow').message).toMatch(/: too slow$/);
      const driver = new Error('password "hidden" refused at 10.0.0.5');
      expect(make(driver).message).not.toMatch(/hidden|10\.0/);
      // The cause is kept for the log.
      expect(make(driver).cause).toBe(driver);
    },
  );

  test('say how many gaps there may be, and what to do', () => {
    expect(tooManyGaps(7)).toMatchObject({
      reason: 'too_many_gaps',
      message: expect.stringMatching(/at most 7 gaps.*send the lowest missing/),
    });
  });
});
