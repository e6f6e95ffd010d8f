import { describe, expect, test } from 'vitest';
import { limits } from '../frame/limits.ts';
import { hasTooManyFields, isRecord, tooManyFields } from './frame-record.ts';

const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));

describe('an object', () => {
  test.each([
    [{}, true],
    [{ seq: 1 }, true],
    [[], false],
    [null, false],
    ['{}', false],
    [7, false],
    [true, false],
    [undefined, false],
  ])('is distinguished from other JSON values: %j, %s', (value, record) => {
    expect(isRecord(value)).toBe(record);
  });
});

describe('the number of fields', () => {
  test('is limited to 256, and the error states it', () => {
    expect(hasTooManyFields(fields(limits.frameFields))).toBe(false);
    expect(hasTooManyFields(fields(limits.frameFields + 1))).toBe(true);
    expect(tooManyFields).toEqual({ code: 'TOO_MANY_FIELDS', message: 'a frame may have at most 256 fields' });
  });

  test('is counted only up to the limit', () => {
    let read = 0;
    const hostile = new Proxy(fields(1_000_000), {
      getOwnPropertyDescriptor: (target, name) => {
        read += 1;
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    expect(hasTooManyFields(hostile)).toBe(true);
    expect(read).toBeLessThanOrEqual(limits.frameFields + 1);
  });
});
