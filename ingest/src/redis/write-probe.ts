import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { withDeadline } from '../time/with-deadline.ts';

export const probePeriodMs = 1500;
/** Period and timeout together ensure that a new connection opens in well under five seconds. */
export const probeTimeoutMs = 2000;
export const probeKey = 'invigil:write_probe';
export const probeLifeMs = 60_000;

/** The parts of a Redis client that the probe needs. */
export interface ProbedClient {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  set(key: string, value: string, options: { expiration: { type: 'PX'; value: number } }): Promise<unknown>;
  destroy(): void;
  connect(): Promise<unknown>;
}

const rejectLate = (): never => {
  throw new Error('no answer in time');
};

/** A full primary is still the primary; a new connection would reach the same server. */
export const needsNewConnection = (error: unknown): boolean =>
  error instanceof Error && !/^(OOM|NOPERM|MISCONF|LOADING|NOAUTH)\b/.test(error.message);

const probe = async (client: ProbedClient, log: Logger): Promise<void> => {
  try {
    const write = client.set(probeKey, '1', { expiration: { type: 'PX', value: probeLifeMs } });
    await withDeadline(write, probeTimeoutMs, rejectLate);
  } catch (error) {
    if (!client.isReady || !needsNewConnection(error)) return;
    log.warn({ event: 'redis.reconnecting', error });
    client.destroy();
    client.connect().catch((failure: unknown) => log.error({ event: 'redis.gave_up', error: failure }));
  }
};

/**
 * Writes one small key periodically until the client is closed. An open connection may lead to a demoted primary
 * (READONLY), to a server that hangs, or nowhere; only a new one reaches the server that the address points to now.
 */
export const probeWrites = async (client: ProbedClient, log: Logger): Promise<void> => {
  while (client.isOpen) {
    await delay(probePeriodMs, undefined, { ref: false });
    if (client.isReady) await probe(client, log);
  }
};
