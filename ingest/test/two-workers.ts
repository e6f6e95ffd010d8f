import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** A server with two workers that are ready, and the stores that they share. */
export const startTwoWorkers = async (): Promise<{ server: ServerProcess; stop: () => Promise<void> }> => {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const stores = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const environment = { WORKERS: '2', DRAIN_SECONDS: '1', LOG_LEVEL: 'info', ...stores };
  const server = await startServer({ folder: await makeFolder(), environment, isEnvironmentShared: false });
  await waitUntil(() => server.log().some(({ event }) => event === 'workers.ready'), {
    timeout: 30_000,
    interval: 100,
  });
  return {
    server,
    async stop() {
      await server.stop();
      await Promise.all([postgres.remove(), redis.stop()]);
      await removeFolders();
    },
  };
};
