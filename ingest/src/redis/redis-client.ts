import { createClient } from 'redis';
import type { RedisScripts } from 'redis';
import type { Logger } from 'pino';
import { connectTimeoutMs, reconnectStrategy } from './reconnecting.ts';
import { probeWrites } from './write-probe.ts';

const pingIntervalMs = 5000;
/** Far more commands than 5,000 students have in flight; a longer queue means that Redis does not answer. */
const maxQueuedCommands = 50_000;

/** The options of a connection to one server, alone or in a cluster. */
export const connectionOptions = {
  disableOfflineQueue: true,
  commandsQueueMaxLength: maxQueuedCommands,
  pingInterval: pingIntervalMs,
} as const;

/** `withCommandDeadline` limits commands; the driver's own timer and abort signal would cost as much as the command. */
export const commandOptions = { timeout: 0 } as const;

/** A Redis that evicts keys deletes acknowledged frames. With `noeviction`, a full Redis refuses writes, and clients keep their frames. */
export const warnOfEviction = async (
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
    ...connectionOptions,
    commandOptions,
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy },
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

type SingleRedis<Scripts extends RedisScripts> = ReturnType<typeof openRedis<Scripts>>;

/** The commands that a single Redis and a cluster share. In a cluster, all keys of one command must be in one slot. */
type SharedCommand =
  | ('del' | 'eval' | 'exists' | 'get' | 'hGetAll' | 'hmGet' | 'mGet' | 'set' | 'unlink')
  | 'zRangeWithScores';

/** A single Redis or a cluster, whichever scripts it was opened with. */
export type Redis<Scripts extends RedisScripts = Record<never, never>> = Pick<
  SingleRedis<Scripts>,
  SharedCommand | Extract<keyof Scripts, keyof SingleRedis<Scripts>> | 'isReady' | 'isOpen' | 'destroy'
> & { close(): Promise<void> };
