// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { Suspension } from './suspension.ts';

/** Timers of a page that the browser can suspend: time passes while nothing runs. */
class PageTimers extends ManualTimers {
  #stoodMs = 0;

  override steadyMs(): number {
    return super.steadyMs() + this.#stoodMs;
  }

  stand(durationMs: number): void {
    this.#stoodMs += durationMs;
  }
}

const opened: Suspension[] = [];

const setUp = () => {
  const timers = new PageTimers();
  const suspension = new Suspension(timers);
  opened.push(suspension);
  return { timers, suspension };
};

afterEach(() => {
  for (const suspension of opened.splice(0)) suspension.close();
  Reflect.deleteProperty(document, 'wasDiscarded');
});

test('a page that runs is not suspended, however long it is', async () => {
  const { timers, suspension } = setUp();
  await timers.advance(600_000);
  expect(suspension.take()).toBe(false);
});

test('a page whose timers stood still for more than five seconds was suspended', async () => {
  const { timers, suspension } = setUp();
  timers.stand(4000);
  await timers.advance(1000);
  expect(suspension.take()).toBe(false);
  timers.stand(60_000);
  await timers.advance(1000);
  expect(suspension.take()).toBe(true);
  expect(suspension.take()).toBe(false);
});

test('is noticed by the first reading afterwards too, before any timer has run', () => {
  const { timers, suspension } = setUp();
  timers.stand(60_000);
  expect(suspension.take()).toBe(true);
});

test('trusts the browser’s freeze event', () => {
  const { suspension } = setUp();
  document.dispatchEvent(new Event('freeze'));
  expect(suspension.take()).toBe(true);
});

test('a page that the browser had thrown away and loaded again begins as suspended', () => {
  Object.defineProperty(document, 'wasDiscarded', { configurable: true, value: true });
  const { suspension } = setUp();
  expect(suspension.take()).toBe(true);
  expect(suspension.take()).toBe(false);
});

test('notices nothing more once it is closed', () => {
  const { timers, suspension } = setUp();
  suspension.close();
  document.dispatchEvent(new Event('freeze'));
  expect(suspension.take()).toBe(false);
  expect(timers.size).toBe(0);
});
