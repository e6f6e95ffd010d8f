import { Router } from 'express';
import { IngestError } from '../../model/ingest-error.ts';
import type { IngestMetrics } from '../../telemetry/ingest-metrics.ts';
import { sharedResult } from '../../time/shared-result.ts';
import { withDeadline } from '../../time/with-deadline.ts';
import type { WorkerGroup } from '../../workers/worker-group.ts';
import { version } from '../../version.ts';

export interface HealthRouterOptions {
  /** Checks by name; each rejects if that part does not work. */
  checks: Record<string, () => Promise<void>>;
  /** Additional facts by name that do not affect health; null if a fact cannot be determined. */
  facts: Record<string, () => Promise<string | null>>;
  metrics: IngestMetrics;
  /** The processes that share the port; null for a single process. */
  workers: Pick<WorkerGroup, 'check' | 'metrics'> | null;
  /** Monotonic clock, milliseconds. */
  monotonicMs: () => number;
  /** The server is stopping, so it should receive no further clients. */
  isClosing: () => boolean;
}

const checkTimeoutMs = 2000;
/** How long a check's result is reused; checks run queries and the endpoint is public. */
const sharedMs = 1000;

const stateOf = (check: Promise<void>): Promise<string> => {
  const state = check.then(
    () => 'ok',
    // Our own reasons contain no address or password; a driver's may.
    (error: unknown) => (error instanceof IngestError && typeof error.cause === 'string' ? error.cause : 'unavailable'),
  );
  return withDeadline(state, checkTimeoutMs, () => 'no answer in time');
};

const statesOf = async (checks: HealthRouterOptions['checks']): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check())] as const)),
  );

const knownOf = async (facts: HealthRouterOptions['facts']): Promise<Record<string, string | null>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(facts).map(async ([name, find]) => [name, await find().catch(() => null)] as const),
    ),
  );

/**
 * `/healthz` lists each part and whether it works: 200 if all do, 503 otherwise. `/readyz` is for load balancers: a
 * short form that also returns 503 as soon as the server is stopping, and does not depend on the other workers. `/metrics` is for Prometheus,
 * and covers all workers.
 */
export const healthRouter = ({
  checks,
  facts,
  metrics,
  workers,
  monotonicMs,
  isClosing,
}: HealthRouterOptions): Router => {
  const router = Router();
  const states = sharedResult(() => statesOf(checks), sharedMs, monotonicMs);
  const knownFacts = sharedResult(() => knownOf(facts), sharedMs, monotonicMs);
  metrics.watchParts(states);
  router.get('/healthz', async (_request, response) => {
    const others = workers === null ? {} : { workers: await stateOf(workers.check()) };
    const parts = { ...(await states()), ...others };
    const isOk = Object.values(parts).every((state) => state === 'ok');
    response.set('Cache-Control', 'no-store');
    // If a part is unavailable, `parts` already names it, so the facts are not queried.
    const unknown = Object.fromEntries(Object.keys(facts).map((name) => [name, null]));
    response.status(isOk ? 200 : 503).json({
      status: isOk ? 'ok' : 'unavailable',
      version,
      parts,
      ...(isOk ? await knownFacts() : unknown),
    });
  });
  router.get('/readyz', async (_request, response) => {
    const isOk = !isClosing() && Object.values(await states()).every((state) => state === 'ok');
    response
      .set('Cache-Control', 'no-store')
      .status(isOk ? 200 : 503)
      .json({ status: isOk ? 'ready' : isClosing() ? 'closing' : 'unavailable' });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await (workers?.metrics() ?? metrics.registry.metrics()));
  });
  return router;
};
