import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import { UsageBudget } from '../budget/usage-budget.ts';
import { budgetTable } from '../budget/budget-table.ts';
import { systemActors } from '../model/system-actor.ts';
import { openBus } from '../bus/open-bus.ts';
import type { Config } from '../config.ts';
import { openDumpThreads } from '../dump/dump-threads.ts';
import { ReplicaRecords } from '../records/replica-records.ts';
import { StoreClock } from '../records/store-clock.ts';
import { ClockComparison } from '../replicas/clock-comparison.ts';
import { ReplicaHeartbeat } from '../replicas/replica-heartbeat.ts';
import { measureEventLoopDelay } from '../telemetry/event-loop-delay.ts';
import type { EventLoopDelay } from '../telemetry/event-loop-delay.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { SteadyClock } from '../time/steady-clock.ts';
import { monotonicMs } from '../time/monotonic-time.ts';
import { openLog } from '../telemetry/server-log.ts';
import type { WorkerGroup } from '../workers/worker-group.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import { prepareFolders } from './folders.ts';
import { composeArchive } from './archive.ts';
import type { ArchivePart } from './archive.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

/** Dependencies that every part of the server is built on. */
export interface Infrastructure extends Stores, ArchivePart {
  config: Config;
  /** The processes that share the port with this one; null for a single process. */
  workers: WorkerGroup | null;
  log: Logger;
  /** Milliseconds since the Unix epoch. */
  now: () => number;
  budget: UsageBudget;
  outages: OutageLog;
  metrics: IngestMetrics;
  /** For analyses that would hold up the event loop. */
  threads: ReturnType<typeof openDumpThreads>;
  bus: Bus;
  heartbeat: ReplicaHeartbeat;
  clocks: ClockComparison;
  eventLoopDelay: EventLoopDelay;
  /** The time that replicas compare with each other's. */
  storeClock: StoreClock;
}

/** @throws IngestError `bad_config` if the server cannot write to its folders */
export const openInfrastructure = (config: Config, clock: SteadyClock, workers: WorkerGroup | null): Infrastructure => {
  const log = openLog(config, workers?.id);
  const { now } = clock;
  for (const missing of prepareFolders(config)) log.warn({ event: 'folder.missing', ...missing });
  const outages = new OutageLog(log, now);
  const metrics = createMetrics();
  workers?.share(metrics.registry);
  metrics.watchClock(() => clock.leapMs());
  const eventLoopDelay = measureEventLoopDelay();
  metrics.watchEventLoop(eventLoopDelay);
  const stores = openStores(config, log, outages, now);
  const replicaId = randomUUID();
  const archive = composeArchive({ config, stores, replicaId, metrics, outages, log, now });
  const threads = openDumpThreads({
    work: 'analyses',
    threads: config.analysisThreads,
    threadArguments: config.threadArguments,
    limits: {
      requests: budgetTable.analysesWaitingPerProcess.limit,
      requestsPerOwner: budgetTable.analysesWaiting.limit,
      sharedOwner: systemActors.report,
    },
  });
  metrics.watchJobs({ analyses: threads, blocks: archive.blockJobs });
  const bus = openBus({ location: config, replicaId, metrics, outages, log });
  const heartbeat = new ReplicaHeartbeat({ replicaId, records: new ReplicaRecords(stores.database), log, now });
  const clocks = new ClockComparison({
    replicaId,
    bus,
    now,
    onSkew: (skewMs) => metrics.clockSkew.set(skewMs / 1000),
    log,
  });
  const storeClock = new StoreClock({ database: stores.database, now });
  const budget = new UsageBudget({
    rates: {
      frames: config.frameRate,
      requests: config.requestRate,
      addressRequests: config.addressRequestRate,
      addressRefusals: config.addressRefusalRate,
      launches: { perSecond: budgetTable.launches.limit, burst: budgetTable.launches.burst },
      presenceVisits: {
        perSecond: budgetTable.presenceVisits.limit / 3600,
        burst: budgetTable.presenceVisits.burst,
      },
    },
    most: { connections: config.maxConnectionsPerUser, presenceAgents: budgetTable.presenceAgents.limit },
    metrics,
    monotonicMs,
  });
  return {
    config,
    workers,
    log,
    now,
    budget,
    outages,
    metrics,
    ...stores,
    ...archive,
    threads,
    bus,
    heartbeat,
    clocks,
    storeClock,
    eventLoopDelay,
  };
};
