import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ConnectionQuota } from './connection-quota.ts';

test('counts the sockets of each address until they close', async () => {
  const quota = new ConnectionQuota(2);
  const [first, second] = [new PassThrough(), new PassThrough()];
  quota.hold('10.0.0.1', first);
  expect(quota.isReached('10.0.0.1')).toBe(false);
  quota.hold('10.0.0.1', second);
  expect(quota.isReached('10.0.0.1')).toBe(true);
  expect(quota.isReached('10.0.0.2')).toBe(false);
  first.destroy();
  await expect.poll(() => quota.countOf('10.0.0.1')).toBe(1);
  expect(quota.isReached('10.0.0.1')).toBe(false);
  second.destroy();
  await expect.poll(() => quota.countOf('10.0.0.1')).toBe(0);
});
