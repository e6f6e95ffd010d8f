import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureEventLoopDelay } from '../src/telemetry/event-loop-delay.ts';
import { createMetrics } from '../src/telemetry/ingest-metrics.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { SessionClient, batch } from './session-client.ts';

const referencePage = (name: string): string =>
  readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8');
const sources = fileURLToPath(new URL('../src', import.meta.url));

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const figures = async (): Promise<string> => (await server.ask('GET', '/metrics')).text;

test('every metric of ours is in the table, and nothing else is', async () => {
  const delay = measureEventLoopDelay();
  const metrics = createMetrics();
  metrics.watchQueues({});
  metrics.watchParts(async () => ({}));
  metrics.watchClock(() => 0);
  metrics.watchArchive(() => 0);
  metrics.watchJobs({});
  metrics.watchEventLoop(delay);
  const ours = (await metrics.registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => name.startsWith('invigil_'));
  const described = [...referencePage('metrics').matchAll(/^\| `(invigil_\w+)`/gm)].map(([, name]) => name);
  delay.close();
  expect(described.toSorted()).toEqual(ours.toSorted());
});

test.each(['alerts.yaml', 'dashboard.json'])('%s names only metrics that this server serves', async (file) => {
  const typeOf = new Map(
    [...(await figures()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  const monitoring = readFileSync(new URL(`../../deploy/monitoring/${file}`, import.meta.url), 'utf8');
  const used = [...new Set([...monitoring.matchAll(/\b(?:invigil|process|nodejs)_\w+/g)].map(([name]) => name))];
  expect(used.length).toBeGreaterThan(5);
  const isServed = (name: string): boolean =>
    typeOf.has(name) || typeOf.get(name.replace(/_(?:bucket|sum|count)$/, '')) === 'histogram';
  expect(used.filter((name) => !isServed(name))).toEqual([]);
});

test('every log event is in the table, and nothing else is', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) =>
    // Examples of the API hold events of other kinds.
    /(?<!\.test|-examples)\.ts$/.test(file),
  );
  const logged = files.flatMap((file) =>
    [...readFileSync(`${sources}/${file}`, 'utf8').matchAll(/event: '([a-z_]+\.[a-z_]+)'/g)].map(([, event]) => event),
  );
  const described = [...referencePage('logs').matchAll(/^\| (`.+`) \|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`([a-z_.]+)`/g)].map(([, event]) => event),
  );
  expect(described.toSorted()).toEqual([...new Set(logged)].toSorted());
});

test('connections are counted by state, messages and frames by outcome', async () => {
  const client = await new SessionClient(server, 'counted').opened();
  client.send(batch(0, 4));
  await client.next('ack');
  client.send({ type: 'losses', counts: {}, ranges: [{ reason: 'outbox_full', seqs: [5, 7] }] });
  await client.next('ack');
  const text = await figures();
  for (const line of [
    'invigil_connections{channel="session",state="open"} 1',
    'invigil_connections{channel="session",state="admitting"} 0',
    'invigil_frames_stored_total 5',
    'invigil_frames_lost_total{reason="outbox_full"} 3',
    'invigil_acknowledgements_total 2',
    'invigil_message_seconds_count{channel="session"} 2',
    'invigil_frame_store_seconds_count{operation="append"} 2',
    'invigil_queue_size{queue="connections"} 1',
    'invigil_queue_capacity{queue="connections"} 20000',
    'invigil_part_up{part="frames"} 1',
    'invigil_part_up{part="records"} 1',
    'invigil_part_up{part="bus"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  client.close();
  await expect.poll(figures).toContain('invigil_connections{channel="session",state="open"} 0');
});

test('metrics name no student and no session', async () => {
  const started = await server.ask('POST', '/api/v1/session/start', { exam_id: 'exam-7', member_id: 'ada-lovelace' });
  const sessionId: string = started.json.session_id;
  const client = await new SessionClient(server, sessionId).opened();
  client.send(batch(0, 4));
  await client.next('ack');
  await server.ask('POST', `/api/v1/session/${sessionId}/analyze`);
  expect(await figures()).not.toMatch(new RegExp(`ada-lovelace|exam-7|${sessionId}`));
  client.close();
});

test('a server that stops is not ready any more, and reports it to open connections', async () => {
  const stopping = await startServer();
  expect(await stopping.ask('GET', '/readyz')).toMatchObject({ status: 200, json: { status: 'ready' } });
  const client = await new SessionClient(stopping, 'last').opened();
  const closed = client.closed;
  await stopping.close();
  expect((await closed).code).toBe(1001);
  await expect(stopping.ask('GET', '/readyz')).rejects.toThrow('fetch failed');
});
