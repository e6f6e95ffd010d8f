import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { treeCpuMs } from './process-tree.ts';

test.skipIf(process.platform !== 'linux')('counts a child that has ended, and counts by name', async () => {
  const before = await treeCpuMs(process.pid);
  spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 200_000);']);
  const after = await treeCpuMs(process.pid);
  const own = process.cpuUsage();
  expect(after - before).toBeGreaterThanOrEqual(190);
  expect(after).toBeGreaterThan((own.user + own.system) / 1000 + 100);
  expect(await treeCpuMs(process.pid, () => false)).toBe(0);
});
