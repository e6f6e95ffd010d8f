import type { Logger } from 'pino';
import type { IngestMetrics } from '../ingest-metrics.ts';
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

const linkOf = ({ redisUrl, natsUrl }: BusLocation): BusLink => {
  if (natsUrl !== null) return natsLink(natsUrl);
  return redisUrl === null ? localLink() : redisLink(redisUrl);
};

/** NATS where there is one, otherwise Redis, otherwise this process alone. */
export const openBus = (location: BusLocation, metrics: IngestMetrics, log: Logger): Bus =>
  new RelayedBus(
    linkOf(location),
    (error) => log.error({ event: 'bus.handler_failed', error }),
    (way) => metrics.busMessages.inc({ way }),
  );
