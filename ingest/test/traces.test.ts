import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';
import { openTracing } from '../src/compose/tracing.ts';
import { OutageLog } from '../src/telemetry/outage-log.ts';
import { openLog } from '../src/telemetry/server-log.ts';
import { SessionClient, batch } from './session-client.ts';

/** https://github.com/open-telemetry/opentelemetry-proto, in its JSON encoding. */
interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}
interface Export {
  resourceSpans: { resource: Pick<Span, 'attributes'>; scopeSpans: { spans: Span[] }[] }[];
}

/** A collector: accepts traces over OTLP/HTTP. */
class Collector {
  readonly received: { path: string | undefined; headers: IncomingHttpHeaders; text: string }[] = [];
  status = 200;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
      this.received.push({ path: request.url, headers: request.headers, text });
      response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  resources(): Export['resourceSpans'] {
    return this.received.flatMap(({ text }) => (JSON.parse(text) as Export).resourceSpans);
  }

  spans(): Span[] {
    return this.resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

const attribute = (of: Pick<Span, 'attributes'>, key: string): unknown =>
  Object.values(of.attributes.find((each) => each.key === key)?.value ?? {})[0];

describe('a session', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const collector = new Collector();
  let server: ServerProcess;
  let sessionId: string;

  beforeAll(async () => {
    server = await startServer({
      folder: await makeFolder(),
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
        OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=some-key',
        OTEL_SERVICE_NAME: 'invigil-test',
        LOG_LEVEL: 'debug',
      },
    });
    const ask = (path: string, body?: object) =>
      fetch(server.url + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const started = await ask('/api/v1/session/start', { exam_id: 'physics-2026', member_id: 'ada-lovelace' });
    sessionId = ((await started.json()) as { session_id: string }).session_id;
    const client = await new SessionClient(server, sessionId).opened();
    client.send(batch(0, 4));
    await client.next('ack');
    client.close();
    await ask(`/api/v1/session/${sessionId}/end`, {});
    await ask(`/api/v1/session/${sessionId}/report`);
    await ask('/api/v1/exams/no-such-exam');
    await ask('/healthz');
    // Sends what is left.
    await server.end('SIGTERM');
  });
  afterAll(async () => {
    await collector.close();
    await removeFolders();
  });

  const named = (name: string): Span[] => collector.spans().filter((span) => span.name === name);

  test('is sent to the collector with the settings of the environment', () => {
    for (const { path, headers } of collector.received) {
      expect({ path, key: headers['x-collector-key'] }).toEqual({ path: '/v1/traces', key: 'some-key' });
    }
    for (const { resource } of collector.resources()) {
      expect(attribute(resource, 'service.name')).toBe('invigil-test');
      expect(attribute(resource, 'service.version')).toMatch(/^\d+\.\d+\.\d+/);
    }
  });

  test('has spans of requests, messages, store operations and the report, each below its cause', () => {
    const [end] = named('POST /api/v1/session/{session_id}/end');
    expect(end).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' });
    expect(attribute(end!, 'http.response.status_code')).toBe(204);
    expect(named('report')).toMatchObject([{ traceId, parentSpanId: end!.spanId }]);
    const [message] = named('session message');
    const appended = named('frames append').filter((span) => attribute(span, 'invigil.frames') === 5);
    expect(appended).toMatchObject([{ traceId: message!.traceId, parentSpanId: message!.spanId }]);
    expect(named('records').some((span) => span.traceId === traceId)).toBe(true);
    expect(named('GET /api/v1/exams/{exam_id}').map((span) => attribute(span, 'http.response.status_code'))).toEqual([
      404,
    ]);
    expect(collector.spans().filter(({ name }) => name.includes('healthz'))).toEqual([]);
  });

  test('has no ids, names or readings in its spans', () => {
    const text = collector.received.map((each) => each.text).join('\n');
    for (const secret of ['ada-lovelace', 'physics-2026', sessionId, 'no-such-exam', 'face_x']) {
      expect(text).not.toContain(secret);
    }
    const keys = new Set(collector.spans().flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect([...keys].toSorted()).toEqual([
      'db.system.name',
      'http.request.method',
      'http.response.status_code',
      'http.route',
      'invigil.frames',
      'invigil.message.characters',
    ]);
  });

  test('has its trace in the log', () => {
    const refused = server.log().find(({ event }) => event === 'http.refused');
    expect(refused).toMatchObject({ trace_id: traceId, request_id: traceId });
  });
});

test('a collector that refuses is named in the log, and the server works on', async () => {
  const collector = new Collector();
  collector.status = 400;
  const server = await startServer({
    folder: await makeFolder(),
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(), OTEL_BSP_SCHEDULE_DELAY: '50' },
  });
  expect((await fetch(`${server.url}/api/v1/exams/none`)).status).toBe(404);
  await expect
    .poll(() => server.log())
    .toContainEqual(expect.objectContaining({ event: 'traces.not_sent', level: 40, error: 'Bad Request' }));
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(await server.end('SIGTERM')).toBe(0);
  await collector.close();
});

test('without the packages the server does not start, and says which command installs them', async () => {
  const outages = new OutageLog(openLog({ logLevel: 'silent' }), () => 0);
  const traces = { url: 'http://localhost:4318/v1/traces', serviceName: 'invigil' };
  await expect(openTracing({ traces }, outages, () => Promise.reject(new Error('not found')))).rejects.toThrow(
    /^OTEL_EXPORTER_OTLP_ENDPOINT is set, but .* npm install --no-save @opentelemetry\/sdk-trace-node@/,
  );
});

test('without a collector nothing is loaded', async () => {
  const outages = new OutageLog(openLog({ logLevel: 'silent' }), () => 0);
  const load = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('loaded')));
  const tracing = await openTracing({ traces: null }, outages, load);
  await tracing.close();
  expect(load).not.toHaveBeenCalled();
});

test('the command that installs the packages names the versions that the package states', async () => {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  const outages = new OutageLog(openLog({ logLevel: 'silent' }), () => 0);
  const traces = { url: 'http://localhost:4318/v1/traces', serviceName: 'invigil' };
  const error: unknown = await openTracing({ traces }, outages, () => Promise.reject(new Error())).catch(
    (reason: unknown) => reason,
  );
  for (const [name, version] of Object.entries(manifest.peerDependencies)) {
    expect(String(error)).toContain(`${name}@${version}`);
  }
});
