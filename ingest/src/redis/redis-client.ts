import { createClient } from 'redis';
import type { Logger } from 'pino';
import { frameScripts } from '../frames/append-scripts.ts';

const connectTimeoutMs = 3000;
const pingIntervalMs = 5000;
const maxReconnectDelayMs = 2000;
/** Far above what 5,000 students have under way; beyond it Redis is not answering. */
const maxQueuedCommands = 50_000;

/** A Redis that evicts takes away frames that were acknowledged. One that is full says so instead, and clients keep what they have. */
const warnOfEviction = async (
  client: { configGet(name: string): Promise<Record<string, string>> },
  log: Logger,
): Promise<void> => {
  try {
    const { 'maxmemory-policy': policy = 'noeviction' } = await client.configGet('maxmemory-policy');
    if (policy !== 'noeviction') log.warn({ event: 'redis.may_evict', policy });
  } catch (error) {
    // Hosted ones often do not let anybody ask.
    log.debug({ event: 'redis.policy_unknown', error });
  }
};

/**
 * A connection for frames and throttles that comes back by itself, for as long as the process lives. While it is away commands fail
 * at once instead of waiting in memory: a frame that cannot be stored now is the client's to keep.
 */
export const openFrameRedis = (url: string, log: Logger) => {
  const client = createClient({
    url,
    scripts: frameScripts,
    disableOfflineQueue: true,
    commandsQueueMaxLength: maxQueuedCommands,
    // `withDeadline` gives commands their time; another timer and its signal for each cost as much as the command.
    commandOptions: { timeout: 0 },
    pingInterval: pingIntervalMs,
    socket: {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, maxReconnectDelayMs),
    },
  });
  let isDown = false;
  client.on('error', (error: unknown) => {
    // One line for an outage, not one for each attempt.
    if (!isDown) log.error({ event: 'redis.lost', error });
    isDown = true;
  });
  client.on('ready', () => {
    if (isDown) log.info({ event: 'redis.back' });
    isDown = false;
    void warnOfEviction(client, log);
  });
  client.connect().catch((error: unknown) => log.error({ event: 'redis.gave_up', error }));
  return client;
};

export type FrameRedis = ReturnType<typeof openFrameRedis>;
