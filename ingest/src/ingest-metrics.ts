import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** All that this process counts, in a registry of its own so that several servers can live in one process. */
export const createMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    registry,
    framesStored: counter('invigil_frames_stored_total', 'Frames stored for the first time'),
    framesDuplicate: counter('invigil_frames_duplicate_total', 'Frames that had been stored before'),
    messagesReceived: counter('invigil_messages_received_total', 'Client messages by channel', ['channel']),
    messagesRefused: counter('invigil_messages_refused_total', 'Refused messages and frames by problem code', ['code']),
    connectionsClosed: counter('invigil_connections_closed_total', 'Closed connections by code', ['channel', 'code']),
    upgradesRefused: counter('invigil_upgrades_refused_total', 'Refused WebSocket upgrades by reason', ['reason']),
    liveFramesSent: counter('invigil_live_frames_sent_total', 'Frames sent to proctors who watch'),
    liveFramesReplaced: counter(
      'invigil_live_frames_replaced_total',
      'Messages that a slow proctor was spared for newer ones',
    ),
    alertsRaised: counter('invigil_alerts_raised_total', 'Alerts raised here, by type of observation', ['type']),
    alertsAcknowledged: counter('invigil_alerts_acknowledged_total', 'Alerts that a proctor took here'),
    alertsUnwritten: new Gauge({
      name: 'invigil_alerts_unwritten',
      help: 'Alerts that wait for the records to come back',
      registers: [registry],
    }),
    connections: new Gauge({
      name: 'invigil_connections',
      help: 'Open connections by channel',
      labelNames: ['channel'],
      registers: [registry],
    }),
  };
};

export type IngestMetrics = ReturnType<typeof createMetrics>;
