import { createServer } from 'node:http';
import { BlockList } from 'node:net';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../src/config.ts';
import type { Channel } from '../src/realtime/channel.ts';
import { ClientAddresses } from '../src/network/client-addresses.ts';
import { Gateway } from '../src/realtime/gateway.ts';
import { RefusedOrigins } from '../src/realtime/refused-origins.ts';
import { createMetrics } from '../src/telemetry/ingest-metrics.ts';
import { openBudget } from './open-budget.ts';

/** Serves channels without the rest of the server until the test has finished. @returns the origin, `ws://…` */
export const serveChannels = async (channels: readonly Channel[]): Promise<string> => {
  const http = createServer();
  const log = pino({ level: 'silent' });
  const gateway = new Gateway(http, {
    channels,
    limits: loadConfig({}).connectionLimits,
    maxConnections: 10,
    maxConnectionsPerAddress: 10,
    origins: { allowedOrigins: [], hostNames: null },
    addresses: new ClientAddresses(new BlockList()),
    refusedOrigins: new RefusedOrigins(log, Date.now),
    metrics: createMetrics(),
    budget: openBudget(),
    log,
    now: Date.now,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await gateway.close();
    http.close();
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
};
