import { UsageBudget } from '../src/budget/usage-budget.ts';
import { createMetrics } from '../src/telemetry/ingest-metrics.ts';

const unlimited = { perSecond: Infinity, burst: Infinity };

/** A budget that no test exceeds, for tests that are not about limits. */
export const openBudget = (): UsageBudget =>
  new UsageBudget({
    rates: {
      frames: unlimited,
      requests: unlimited,
      addressRequests: { perSecond: 1e6, burst: 1e6 },
      addressRefusals: { perSecond: 1e6, burst: 1e6 },
      presenceVisits: unlimited,
      launches: unlimited,
    },
    most: { connections: Infinity, presenceAgents: Infinity },
    metrics: createMetrics(),
    monotonicMs: () => 0,
  });
