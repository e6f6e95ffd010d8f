import { expect, test } from 'vitest';
import { runFaults, scenarios } from '@invigil/tools/faults/run-faults';

/** The others take longer, or are covered by other tests; `npm run faults` runs them all. */
const short = ['clock_jump', 'duplicated_and_reordered', 'redis_restart_aof'];

test.each(short)(
  '%s leaves no frame unexplained and none twice',
  async (name) => {
    const { [name]: result } = await runFaults([name], true, () => undefined);
    expect(result).toMatchObject({ unexplained: 0, duplicates: 0 });
  },
  120_000,
);

test('every promised fault has a scenario', () => {
  expect(Object.keys(scenarios)).toEqual(
    expect.arrayContaining([
      'network_cut',
      'server_killed',
      'redis_restart_aof',
      'tab_reload',
      'duplicated_and_reordered',
      'two_tabs',
      'slow_redis',
      'full_disk',
      'clock_jump',
      'token_expiry',
      'crowd_reconnects',
      'silent_proxy',
      'resetting_proxy',
      'filter_page',
      'captive_portal',
      'half_open',
      'idle_cutter',
      'frozen_tab',
      'stale_database',
      'readonly_primary',
      'cluster_failover',
    ]),
  );
});
