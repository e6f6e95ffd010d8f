import { expect, test } from 'vitest';
import { randomOf } from '@invigil/tools/fuzz/random';
import { runFuzz } from '@invigil/tools/fuzz/run-fuzz';

const seed = 20_261_121;

test('mutated messages cause no crash or hang, and get the documented answers', async () => {
  const result = await runFuzz({ messages: 3000, random: randomOf(seed), seed });
  // The samples first, because they show the problems; then the counts.
  expect(result.samples).toEqual([]);
  expect(result).toMatchObject({
    messages: 3000,
    crashes: 0,
    hangs: 0,
    unexpected: 0,
    healthy_afterwards: true,
    exit_code: 0,
  });
  expect(result.memory.grown_bytes).toBeLessThan(result.memory.limit_bytes);
  expect(Object.keys(result.doors).length).toBeGreaterThan(18);
}, 180_000);
