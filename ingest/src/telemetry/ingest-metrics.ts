import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Aggregator } from 'prom-client';
import { version } from '../version.ts';
import { scrapedMetrics } from './scraped-metrics.ts';

/** Seconds: from a local store's latency to a client's timeout. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The metrics of one server, in its own registry, so that one process can run several servers. */
export const createMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  /** @param aggregator how several workers' values become one */
  const gauge = <Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
    aggregator: Aggregator = 'sum',
  ) => new Gauge({ name, help, labelNames, aggregator, registers: [registry] });
  const seconds = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets: latencyBuckets, registers: [registry] });
  gauge('invigil_build_info', 'Always 1; the label is the version of the server', ['version'], 'first').set(
    {
      version,
    },
    1,
  );
  return {
    registry,
    framesStored: counter('invigil_frames_stored_total', 'Frames stored for the first time'),
    framesDuplicate: counter('invigil_frames_duplicate_total', 'Frames that had been stored before'),
    framesLost: counter('invigil_frames_lost_total', 'Frames reported lost, by reason; repeated reports count again', [
      'reason',
    ]),
    framesArchived: counter('invigil_frames_archived_total', 'Frames that moved from the frame store to the archive'),
    archivedBytes: counter('invigil_archived_bytes_total', 'Compressed size of the archived frames'),
    archiveFailures: counter('invigil_archive_failures_total', 'Failed attempts to archive a session’s frames'),
    acknowledgements: counter('invigil_acknowledgements_total', 'Acknowledgements sent'),
    messagesReceived: counter('invigil_messages_received_total', 'Client messages by channel', ['channel']),
    messagesRefused: counter('invigil_messages_refused_total', 'Refused messages and frames by problem code', ['code']),
    budgetRefused: counter('invigil_budget_refused_total', 'What a budget refused, by limit', ['limit']),
    connectionsClosed: counter('invigil_connections_closed_total', 'Closed connections by code', ['channel', 'code']),
    upgradesRefused: counter('invigil_upgrades_refused_total', 'Refused WebSocket upgrades by reason', ['reason']),
    liveFramesSent: counter('invigil_live_frames_sent_total', 'Frames sent to watching proctors'),
    liveFramesReplaced: counter(
      'invigil_live_frames_replaced_total',
      'Messages to slow proctors that were replaced by newer ones',
    ),
    alertsRaised: counter('invigil_alerts_raised_total', 'Alerts raised here, by type of observation', ['type']),
    alertsAcknowledged: counter('invigil_alerts_acknowledged_total', 'Alerts acknowledged here'),
    retentionStopped: gauge(
      'invigil_retention_stopped',
      '1 while nothing is purged because the clock may be wrong',
      [],
      'max',
    ),
    clockSkew: gauge('invigil_clock_skew_seconds', 'Largest difference to the clock of another replica', [], 'max'),
    alertsUnwritten: gauge('invigil_alerts_unwritten', 'Alerts waiting for the records to become available'),
    connections: gauge('invigil_connections', 'Connections by channel and state: admitting, open, closing', [
      'channel',
      'state',
    ]),
    messageSeconds: seconds(
      'invigil_message_seconds',
      'Time from receiving a client’s message to its answers, by channel',
      ['channel'],
    ),
    storeSeconds: seconds('invigil_frame_store_seconds', 'Time of frame store operations, by operation', ['operation']),
    authenticationSeconds: seconds(
      'invigil_authentication_seconds',
      'Time to check a token, by outcome: accepted, rejected, failed (the keys or the records were unavailable)',
      ['outcome'],
    ),
    requestSeconds: seconds('invigil_http_seconds', 'Requests by method and status class', ['method', 'answer']),
    busMessages: counter('invigil_bus_messages_total', 'Bus messages: published, received, dropped', ['way']),
    ...scrapedMetrics(registry),
  };
};

export type IngestMetrics = ReturnType<typeof createMetrics>;
