import { vi } from 'vitest';

/**
 * Turns of the event loop during the work, by a clock that advances a millisecond each time it is read, so that the result does not
 * depend on the machine. Code that looks at the clock after each step gets at least one turn for each eight steps.
 */
export const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
  let nowMs = 0;
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1));
  try {
    setImmediate(count);
    await work();
    return turns;
  } finally {
    isDone = true;
    clock.mockRestore();
  }
};
