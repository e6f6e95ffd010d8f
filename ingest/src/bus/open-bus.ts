import type { Logger } from 'pino';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { Bus } from './bus.ts';
import type { BusLink } from './bus-link.ts';
import { localLink } from './local.ts';
import { natsLink } from './nats.ts';
import { redisLink } from './redis.ts';
import { RelayedBus } from './relayed-bus.ts';

export interface BusLocation {
  redisUrl: string | null;
  natsUrl: string | null;
}

const linkOf = ({ redisUrl, natsUrl }: BusLocation, log: Logger): BusLink => {
  if (natsUrl !== null) {
    return natsLink(natsUrl, {
      lost: (error) => log.error({ event: 'bus.lost', error }),
      back: () => log.info({ event: 'bus.back' }),
    });
  }
  // The connection for frames goes to the same Redis, and tells of its losses.
  return redisUrl === null ? localLink() : redisLink(redisUrl);
};

/** NATS where there is one, otherwise Redis, otherwise this process alone. */
export const openBus = (location: BusLocation, metrics: IngestMetrics, log: Logger): Bus =>
  new RelayedBus(
    linkOf(location, log),
    (error) => log.error({ event: 'bus.handler_failed', error }),
    (way) => metrics.busMessages.inc({ way }),
  );
