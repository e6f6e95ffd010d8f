import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealServer } from '@invigil/testkit/server/real-server';
import { TestPages } from '@invigil/testkit/browser/test-pages';
import { clusterFailover } from './cluster-scenarios.ts';
import { networkCut, serverKilled, tokenExpiry, twoTabs } from './connection-scenarios.ts';
import { crowdReconnects, duplicatedAndReordered } from './crowd-scenarios.ts';
import { clockJump, databaseStale, outboxFull, tabFrozen, tabReloaded } from './device-scenarios.ts';
import { captivePortal, filterPage, halfOpen, idleCutter, resettingProxy, silentProxy } from './network-scenarios.ts';
import type { FaultOutcome } from './outcome.ts';
import type { FaultParts, FaultScenario } from './scenario.ts';
import { diskFull, primaryDemoted, redisFull, redisRestarted, redisSlow } from './store-scenarios.ts';

export const scenarios: Record<string, FaultScenario> = {
  network_cut: networkCut,
  server_killed: serverKilled,
  redis_restart_aof: redisRestarted,
  tab_reload: tabReloaded,
  duplicated_and_reordered: duplicatedAndReordered,
  two_tabs: twoTabs,
  slow_redis: redisSlow,
  full_redis: redisFull,
  full_disk: diskFull,
  full_outbox: outboxFull,
  clock_jump: clockJump,
  token_expiry: tokenExpiry,
  crowd_reconnects: crowdReconnects,
  silent_proxy: silentProxy,
  resetting_proxy: resettingProxy,
  filter_page: filterPage,
  captive_portal: captivePortal,
  half_open: halfOpen,
  idle_cutter: idleCutter,
  frozen_tab: tabFrozen,
  stale_database: databaseStale,
  readonly_primary: primaryDemoted,
  cluster_failover: clusterFailover,
};

export type ScenarioResult = FaultOutcome | { skipped: string } | { failed: string };

const runOne = async (scenario: FaultScenario, isShort: boolean): Promise<ScenarioResult> => {
  const closers: (() => unknown)[] = [];
  const onEnd = (close: () => unknown): void => void closers.unshift(close);
  const fromMs = Date.now();
  try {
    const pages = await TestPages.open();
    onEnd(() => pages.close());
    const parts: FaultParts = {
      pages,
      isShort,
      onEnd,
      newFolder: async () => {
        const folder = await mkdtemp(join(tmpdir(), 'invigil-faults-'));
        onEnd(() => rm(folder, { recursive: true, force: true }));
        return folder;
      },
      startServer: async (environment = {}) => {
        const server = await RealServer.start({ ALLOWED_ORIGINS: new URL(pages.url).origin, ...environment });
        onEnd(() => server.close());
        return server;
      },
    };
    const outcome = await scenario(parts);
    return 'skipped' in outcome ? outcome : { ...outcome, duration_s: Math.round((Date.now() - fromMs) / 100) / 10 };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const close of closers) await close();
  }
};

/** Runs the named scenarios one after the other; each has its own server and browser. */
export const runFaults = async (
  names: readonly string[],
  isShort: boolean,
  onResult: (name: string, result: ScenarioResult) => void,
): Promise<Record<string, ScenarioResult>> => {
  const results: Record<string, ScenarioResult> = {};
  for (const name of names) {
    const scenario = scenarios[name];
    if (scenario === undefined) throw new Error(`no scenario ${name}; there are ${Object.keys(scenarios).join(', ')}`);
    const result = await runOne(scenario, isShort);
    results[name] = result;
    onResult(name, result);
  }
  return results;
};
