import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Express } from 'express';
import type { Config } from '../config.ts';
import { AddressLimits } from '../http/middleware/address-limits.ts';
import { answerNotFound } from '../http/middleware/not-found.ts';
import { answerProblems } from '../http/middleware/answer-problems.ts';
import { crossOrigin } from '../http/middleware/cross-origin.ts';
import { methodNotAllowed } from '../http/middleware/method-not-allowed.ts';
import { noStore } from '../http/middleware/no-store.ts';
import { requestId } from '../http/middleware/request-id.ts';
import { requestTimer } from '../http/middleware/request-timer.ts';
import { traceRequest } from '../http/middleware/trace-request.ts';
import { securityHeaders } from '../http/middleware/security-headers.ts';
import { cannotListen } from '../http/listening.ts';
import { oneAtATime } from '../http/one-at-a-time.ts';
import { descriptionRouter } from '../http/routes/description-router.ts';
import { healthRouter } from '../http/routes/health-router.ts';
import { staticRouter } from '../http/routes/static-router.ts';
import { asyncapiSteps } from '../openapi/asyncapi.ts';
import { allowedMethods } from '../openapi/allowed-methods.ts';
import { runInSlices } from '../time/run-in-slices.ts';
import { openapiSteps } from '../openapi/openapi.ts';
import { operations } from '../openapi/operations.ts';
import { routeOf } from '../openapi/route-of.ts';
import { referenceDocument } from '../openapi/reference-document.ts';
import { ClientAddresses } from '../network/client-addresses.ts';
import { limitSilentSockets } from '../network/silent-sockets.ts';
import { budgetTable } from '../budget/budget-table.ts';
import { Gateway } from '../realtime/gateway.ts';
import type { Channel } from '../realtime/channel.ts';
import { RefusedOrigins } from '../realtime/refused-origins.ts';
import type { Queue } from '../telemetry/scraped-metrics.ts';
import { monotonicMs } from '../time/monotonic-time.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';

/** Sockets for plain requests, in addition to those for WebSockets. */
const requestConnections = 5000;

export interface HttpOptions {
  infrastructure: Infrastructure;
  parts: readonly ServerPart[];
  /** Shown by `/healthz`; null if the value cannot be determined. */
  facts: Record<string, () => Promise<string | null>>;
}

/** The HTTP server with its routes, and the gateway for its WebSockets. */
export interface Http {
  readonly endpoints: { app: Express; channels: readonly Channel[] };
  queues(): Record<string, Queue>;
  /** @returns the port. @throws IngestError `bad_config` that names the setting, if the address is not available */
  listen(): Promise<number>;
  /**
   * Accepts nothing more, answers received requests and asks clients to reconnect. @param cutAfterMs cuts slow requests
   * after this
   */
  close(cutAfterMs: number): Promise<void>;
}

export const composeHttp = (options: HttpOptions): Http => {
  const { config, metrics, budget, threads, blockJobs, log, now } = options.infrastructure;
  const refusedOrigins = new RefusedOrigins(log, now);
  let isClosing = false;
  const addresses = new ClientAddresses(config.trustedProxies);
  const app = createApp(options, addresses, refusedOrigins, () => isClosing);
  const server = createHttpServer(config, app);
  limitSilentSockets(server, {
    total: budgetTable.silentSockets.limit,
    perAddress: budgetTable.silentSocketsPerAddress.limit,
    isTrusted: (address) => addresses.isTrusted(address),
    onRefused: () => budget.refused('silentSockets'),
  });
  const channels = options.parts.flatMap((part) => part.channels);
  const gateway = new Gateway(server, {
    channels,
    limits: config.connectionLimits,
    maxConnections: config.maxConnections,
    maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    origins: config,
    addresses,
    refusedOrigins,
    metrics,
    budget,
    log,
    now: monotonicMs,
  });
  return {
    endpoints: { app, channels },
    queues: () => ({ ...gateway.queues(), analyses: threads.queue, blocks: blockJobs.queue }),
    listen: () => listenOn(server, config),
    async close(cutAfterMs) {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      // A download or a slow client must not delay the rest.
      const cut = setTimeout(() => server.closeAllConnections(), cutAfterMs);
      await gateway.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(cut);
    },
  };
};

const createApp = (
  options: HttpOptions,
  addresses: ClientAddresses,
  refusedOrigins: RefusedOrigins,
  isClosing: () => boolean,
): Express => {
  const { config, database, frames, bus, metrics, budget, log } = options.infrastructure;
  const limits = new AddressLimits(addresses, budget);
  const app = express();
  app.disable('x-powered-by');
  // Answers of the API are not cached, so hashing them would only cost time. Files have their own ETag.
  app.disable('etag');
  app.use(requestId);
  if (config.traces !== null) app.use(traceRequest(routeOf(operations)));
  app.use(requestTimer(metrics));
  app.use(securityHeaders(config.publicUrl?.startsWith('https:') ?? false));
  app.use(crossOrigin(config, addresses, refusedOrigins));
  app.use(
    healthRouter({
      checks: { frames: () => frames.check(), records: () => database.check(), bus: () => bus.check() },
      facts: options.facts,
      metrics,
      workers: options.infrastructure.workers,
      monotonicMs,
      isClosing,
    }),
  );
  app.use(['/openapi.json', '/asyncapi.json', '/docs'], limits.check);
  app.use(
    descriptionRouter({
      openapi: () => runInSlices(openapiSteps()),
      asyncapi: () => runInSlices(asyncapiSteps()),
      reference: async () => referenceDocument(await runInSlices(openapiSteps()), await runInSlices(asyncapiSteps())),
    }),
  );
  app.use(['/api/v1', '/ws'], noStore, limits.check);
  app.use(['/auth', '/lti', '/seb', '/.well-known'], limits.check);
  for (const part of options.parts) part.mount(app, limits);
  app.use(staticRouter({ modelsDir: config.modelsDir, demoDir: config.demoDir }));
  app.use(methodNotAllowed(allowedMethods(operations)));
  app.use(answerNotFound);
  app.use(answerProblems(log, limits));
  return app;
};

const createHttpServer = ({ requestLimits, maxConnections }: Config, app: Express): Server => {
  const { headersMs, wholeMs, checkEveryMs } = requestLimits;
  const server = createServer(
    { headersTimeout: headersMs, requestTimeout: wholeMs, connectionsCheckingInterval: checkEveryMs },
    oneAtATime(app),
  );
  // Node drops further connections without an answer.
  server.maxConnections = maxConnections + requestConnections;
  return server;
};

/**
 * Connections that the kernel holds until the server accepts them, within the kernel's own limit (`net.core.somaxconn`). Node's default of 511 is
 * too low for a crowd that returns after a restart: the kernel ignores further attempts, which clients repeat only after 1, 3 and 7 seconds.
 */
const backlog = 16_384;

const listenOn = (server: Server, config: Config): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, config)));
    server.listen({ port: config.port, host: config.host, backlog }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
