import type { Logger } from 'pino';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import { Bus } from './bus.ts';
import type { InvalidMessage } from './bus.ts';
import type { BusLink } from './bus-link.ts';
import { localLink } from './local-link.ts';
import { MessageRelay } from './message-relay.ts';
import { natsLink } from './nats-link.ts';
import type { LinkEvents } from './nats-link.ts';
import { redisLink } from './redis-link.ts';

interface BusLocation {
  redisUrl: string | null;
  natsUrl: string | null;
  /** In front of every subject. */
  busPrefix: string;
}

export interface BusOptions {
  location: BusLocation;
  replicaId: string;
  metrics: IngestMetrics;
  outages: OutageLog;
  log: Logger;
}

const linkOf = ({ redisUrl, natsUrl, busPrefix }: BusLocation, log: Logger, outages: OutageLog): BusLink => {
  if (natsUrl !== null) {
    const events: LinkEvents = {
      onLost: (error) => log.error({ event: 'bus.lost', error }),
      onBack: () => log.info({ event: 'bus.back' }),
      onTooLarge: (subject, bytes) =>
        outages.warn({
          event: 'bus.message_too_large',
          error: new RangeError(`a message on ${subject} has ${bytes} bytes, more than max_payload of NATS`),
        }),
    };
    return natsLink(natsUrl, events, busPrefix);
  }
  // The frame store connects to the same Redis and logs its outages.
  return redisUrl === null ? localLink() : redisLink(redisUrl, busPrefix);
};

/** NATS if configured, otherwise Redis, otherwise this process only. */
export const openBus = ({ location, replicaId, metrics, outages, log }: BusOptions): Bus => {
  const relay = new MessageRelay(
    replicaId,
    linkOf(location, log, outages),
    (error) => log.error({ event: 'bus.handler_failed', error }),
    (way) => metrics.busMessages.inc({ way }),
  );
  return new Bus(relay, ({ topic, fields }: InvalidMessage) =>
    outages.warn({ event: 'bus.message_invalid', error: new TypeError(`${topic}: ${fields.join(', ')}`) }),
  );
};
