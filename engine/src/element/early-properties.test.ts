import { expect, test } from 'vitest';
import { takeEarlyProperties } from './early-properties.ts';

class Part {
  readonly set: string[] = [];
  get token(): string {
    return this.set.at(-1) ?? '';
  }
  set token(value: string) {
    this.set.push(value);
  }
}

test('a property that was set too early goes through its accessor', () => {
  const part = new Part();
  Object.defineProperty(part, 'token', { value: 'early', writable: true, configurable: true });
  takeEarlyProperties(part, ['token', 'texts']);
  expect(part.set).toEqual(['early']);
  part.token = 'later';
  expect(part.set).toEqual(['early', 'later']);
});

test('a property that was not set stays as it is', () => {
  const part = new Part();
  takeEarlyProperties(part, ['token']);
  expect(part.set).toEqual([]);
});
