import { createClient } from 'redis';
import type { RedisScripts } from 'redis';
import type { Logger } from 'pino';
import { probeWrites } from './write-probe.ts';

const connectTimeoutMs = 3000;
const pingIntervalMs = 5000;
const maxReconnectDelayMs = 2000;
/** Far more commands than 5,000 students have in flight; a longer queue means that Redis does not answer. */
const maxQueuedCommands = 50_000;

/** A Redis that evicts keys deletes acknowledged frames. With `noeviction`, a full Redis refuses writes, and clients keep their frames. */
const warnOfEviction = async (
  client: { configGet(name: string): Promise<Record<string, string>> },
  log: Logger,
): Promise<void> => {
  try {
    const { 'maxmemory-policy': policy = 'noeviction' } = await client.configGet('maxmemory-policy');
    if (policy !== 'noeviction') log.warn({ event: 'redis.may_evict', policy });
  } catch (error) {
    // Hosted services often forbid CONFIG GET.
    log.debug({ event: 'redis.policy_unknown', error });
  }
};

/**
 * A connection that reconnects by itself for as long as the process runs. While it is down, commands fail at once instead of queueing
 * in memory: the client keeps a frame that cannot be stored now.
 */
export const openRedis = <Scripts extends RedisScripts>(url: string, scripts: Scripts, log: Logger) => {
  const client = createClient({
    url,
    scripts,
    disableOfflineQueue: true,
    commandsQueueMaxLength: maxQueuedCommands,
    // `withCommandDeadline` limits commands; the driver's own timer and abort signal would cost as much as the command.
    commandOptions: { timeout: 0 },
    pingInterval: pingIntervalMs,
    socket: {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, maxReconnectDelayMs),
    },
  });
  let isDown = false;
  client.on('error', (error: unknown) => {
    // One line per outage, not per attempt.
    if (!isDown) log.error({ event: 'redis.lost', error });
    isDown = true;
  });
  client.on('ready', () => {
    if (isDown) log.info({ event: 'redis.back' });
    isDown = false;
    void warnOfEviction(client, log);
  });
  client.connect().catch((error: unknown) => log.error({ event: 'redis.gave_up', error }));
  void probeWrites(client, log);
  return client;
};

/** A connection, whichever scripts it was opened with. */
export type Redis = ReturnType<typeof openRedis<Record<never, never>>>;
