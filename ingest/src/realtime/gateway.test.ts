import { executionAsyncId } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { BlockList, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { closeCodes } from '@invigil/protocol/channels';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openBudget } from '../../test/open-budget.ts';
import { loadConfig } from '../config.ts';
import { frameStoreUnavailable } from '../model/ingest-error.ts';
import { ClientAddresses } from '../network/client-addresses.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { Accept, Channel, Refusal } from './channel.ts';
import { Gateway } from './gateway.ts';
import { RefusedOrigins } from './refused-origins.ts';

const log = pino({ level: 'silent' });
const config = loadConfig({});

let http: Server;
let metrics: IngestMetrics;
let clients: WebSocket[];
beforeEach(async () => {
  http = createServer((_request, response) => response.writeHead(404).end());
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  metrics = createMetrics();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.terminate();
  http.closeAllConnections();
  http.close();
  await once(http, 'close');
});

/** Answers each message with itself. */
const echo: Accept = (connection) =>
  connection.handle({
    message: async (text) => connection.sendText(text),
    tooFast: () => undefined,
    closed: () => undefined,
  });
const channelOf = (admit: Channel['admit'], rest: Partial<Channel> = {}): Channel => ({
  name: 'echo',
  path: /^\/ws\/echo\/([^/]+)$/,
  admit,
  ...rest,
});
const open = (channel: Channel, options: Partial<ConstructorParameters<typeof Gateway>[1]> = {}): Gateway =>
  new Gateway(http, {
    channels: [channel],
    limits: config.connectionLimits,
    maxConnections: 100,
    maxConnectionsPerAddress: 100,
    origins: { allowedOrigins: [], hostNames: null },
    addresses: new ClientAddresses(new BlockList()),
    refusedOrigins: new RefusedOrigins(log, Date.now),
    budget: openBudget(),
    metrics,
    log,
    now: Date.now,
    ...options,
  });

const dial = (path = '/ws/echo/a', headers: Record<string, string> = {}): WebSocket => {
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}${path}`, { headers });
  clients.push(client);
  return client;
};
/** The HTTP status of a refused upgrade, or `open`. */
const outcomeOf = (client: WebSocket): Promise<number | 'open'> =>
  new Promise((resolve, reject) => {
    client.once('open', () => resolve('open'));
    client.once('unexpected-response', (_request, response) => resolve(response.statusCode!));
    client.once('error', reject);
  });
const closeOf = async (client: WebSocket): Promise<[code: number, reason: string]> => {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};
const refusedFor = async (reason: string): Promise<number> =>
  (await metrics.upgradesRefused.get()).values.find(({ labels }) => labels.reason === reason)?.value ?? 0;

describe('an upgrade', () => {
  test('is admitted by the channel of its path, which reads the path and the query', async () => {
    const admitted: (string | null)[] = [];
    open(
      channelOf(async ([, id], _request, url) => {
        admitted.push(id!, url.searchParams.get('token'));
        return echo;
      }),
    );
    const client = dial('/ws/echo/room-7?token=t1');
    await once(client, 'open');
    client.send('hello');
    expect(String((await once(client, 'message'))[0])).toBe('hello');
    expect(admitted).toEqual(['room-7', 't1']);
  });

  test.each([
    ['of another path', '/ws/other', {}, 404, 'path'],
    ['from a foreign page', '/ws/echo/a', { origin: 'https://evil.example' }, 403, 'origin'],
  ])('%s is refused', async (_name, path, headers, status, reason) => {
    open(channelOf(async () => echo));
    expect(await outcomeOf(dial(path, headers))).toBe(status);
    expect(await refusedFor(reason)).toBe(1);
  });

  test('leaves nothing of its request in memory once the connection is open', async () => {
    let request: WeakRef<object> | undefined;
    open(
      channelOf(async (_path, incoming) => {
        request = new WeakRef(incoming);
        return echo;
      }),
    );
    const client = dial();
    await once(client, 'open');
    client.send('hello');
    await once(client, 'message');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    await expect
      .poll(() => {
        collect();
        return request?.deref() === undefined;
      })
      .toBe(true);
    expect(client.readyState).toBe(client.OPEN);
  });

  test('with a token that the server knows is admitted without tracking promises; any other is tracked', async () => {
    // Without tracking, a promise's callbacks run under the id of the code that called into JavaScript.
    const isTracked = async (): Promise<boolean> => {
      const idInCallback = async (): Promise<number> => Promise.resolve().then(executionAsyncId);
      return (await idInCallback()) !== (await idInCallback());
    };
    const tracked: [path: string, boolean][] = [];
    open(
      channelOf(
        async ([, id]) => {
          tracked.push([id!, await isTracked()]);
          return echo;
        },
        {
          async admitOwn([, id]) {
            if (id !== 'known') return null;
            tracked.push([id, await isTracked()]);
            return echo;
          },
        },
      ),
    );
    const outcomes = [await outcomeOf(dial('/ws/echo/known')), await outcomeOf(dial('/ws/echo/other'))];
    expect(outcomes).toEqual(['open', 'open']);
    expect(tracked).toEqual([
      ['known', false],
      ['other', true],
    ]);
  });

  test('above the number of connections is refused until one has closed', async () => {
    const gateway = open(
      channelOf(async () => echo),
      { maxConnections: 1 },
    );
    const first = dial();
    await once(first, 'open');
    expect(await outcomeOf(dial())).toBe(503);
    first.close();
    await expect.poll(() => gateway.queues()['connections']?.size(), { timeout: 10_000 }).toBe(0);
    expect(await outcomeOf(dial())).toBe('open');
    expect(await refusedFor('connections')).toBe(1);
  });

  test('that waits to be admitted counts as a connection', async () => {
    let admit: (answer: Accept) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      open(
        channelOf(() => {
          resolve();
          return new Promise<Accept>((done) => (admit = done));
        }),
        { maxConnections: 1 },
      );
    });
    const first = dial();
    await asked;
    expect(await outcomeOf(dial())).toBe(503);
    admit(echo);
    expect(await outcomeOf(first)).toBe('open');
  });

  test('from an address with too many is refused', async () => {
    open(
      channelOf(async () => echo),
      { maxConnectionsPerAddress: 2 },
    );
    expect([await outcomeOf(dial()), await outcomeOf(dial()), await outcomeOf(dial())]).toEqual(['open', 'open', 503]);
  });

  test('whose channel fails is answered with 500, and the server continues', async () => {
    let fails = true;
    open(
      channelOf(async () => {
        if (fails) throw new Error('a mistake');
        return echo;
      }),
    );
    expect(await outcomeOf(dial())).toBe(500);
    fails = false;
    expect(await outcomeOf(dial())).toBe('open');
  });

  test('with a request target that is no path is refused', async () => {
    open(channelOf(async () => echo));
    const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET http:// HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toContain('404 Not Found');
    socket.destroy();
  });

  test('whose client has disconnected in the meantime frees its place', async () => {
    let admit: (answer: Accept) => void = () => undefined;
    let gateway: Gateway | undefined;
    const asked = new Promise<void>((resolve) => {
      gateway = open(
        channelOf(() => {
          resolve();
          return new Promise<Accept>((done) => (admit = done));
        }),
      );
    });
    const client = dial();
    client.on('error', () => undefined);
    await asked;
    expect(gateway?.queues()['connections']?.size()).toBe(1);
    client.terminate();
    admit(echo);
    await expect.poll(() => gateway?.queues()['connections']?.size(), { timeout: 10_000 }).toBe(0);
  });
});

describe('a refusal by the channel', () => {
  const refusal: Refusal = {
    problem: { code: 'ACCESS_DENIED', message: 'not your exam' },
    close: closeCodes.policyViolation,
  };

  test('is sent over the open socket, so that a browser can read it', async () => {
    open(channelOf(async () => refusal));
    const client = dial();
    const [message] = await once(client, 'message');
    expect(JSON.parse(String(message))).toEqual({ type: 'error', code: 'ACCESS_DENIED', message: 'not your exam' });
    expect(await closeOf(client)).toEqual([1008, 'not allowed']);
    expect(await refusedFor('ACCESS_DENIED')).toBe(1);
  });

  test('asks the client to try again where a store is unavailable', async () => {
    open(
      channelOf(async () => {
        throw frameStoreUnavailable('gone');
      }),
    );
    const client = dial();
    const [message] = await once(client, 'message');
    expect(JSON.parse(String(message))).toMatchObject({ type: 'error', code: 'STORE_UNAVAILABLE' });
    expect((await closeOf(client))[0]).toBe(closeCodes.tryAgainLater.code);
  });
});

describe('a client that has not identified itself', () => {
  test('may send only little', async () => {
    open(channelOf(async () => echo, { identifiesLater: true }));
    const client = dial();
    await once(client, 'open');
    client.send('x'.repeat(200_000));
    expect((await closeOf(client))[0]).toBe(closeCodes.messageTooBig.code);
  });

  test('is not limited any more once it has', async () => {
    const identify: Accept = (connection) => {
      echo(connection);
      connection.identified('ada');
    };
    open(channelOf(async () => identify, { identifiesLater: true }));
    const client = dial();
    await once(client, 'open');
    client.send('x'.repeat(100_000));
    expect(String((await once(client, 'message'))[0])).toHaveLength(100_000);
  });

  test('holds no place of its user if it has closed in the meantime', async () => {
    const budget = openBudget();
    const held: string[] = [];
    budget.hold = (limit) => {
      held.push(limit);
      return () => held.pop();
    };
    let isIdentified: boolean | undefined;
    const identifyTooLate: Accept = (connection) =>
      connection.handle({
        message: async () => undefined,
        tooFast: () => undefined,
        closed: () => setImmediate(() => (isIdentified = connection.identified('ada'))),
      });
    open(
      channelOf(async () => identifyTooLate, { identifiesLater: true }),
      { budget },
    );
    const client = dial();
    await once(client, 'open');
    client.terminate();
    await expect.poll(() => isIdentified).toBe(false);
    expect(held).toEqual([]);
  });
});

test('an error while a message is handled is logged with the id of the request that opened the connection', async () => {
  const lines: object[] = [];
  const failing: Accept = (connection) => {
    connection.identified('ada');
    connection.handle({
      message: async () => Promise.reject(new Error('broken')),
      tooFast: () => undefined,
      closed: () => undefined,
    });
  };
  open(
    channelOf(async () => failing),
    { log: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }) },
  );
  const client = dial('/ws/echo/a', { 'x-request-id': 'deadbeef01' });
  await once(client, 'open');
  client.send('hello');
  expect((await closeOf(client))[0]).toBe(closeCodes.internalError.code);
  expect(lines).toMatchObject([{ event: 'connection.failed', channel: 'echo', request_id: 'deadbeef01' }]);
});

describe('when the server stops', () => {
  test('messages are answered first, then clients are asked to reconnect, and nobody is admitted', async () => {
    let store: () => void = () => undefined;
    const stored = new Promise<void>((resolve) => (store = resolve));
    let taken: () => void = () => undefined;
    const isTaken = new Promise<void>((resolve) => (taken = resolve));
    const slow: Accept = (connection) =>
      connection.handle({
        async message() {
          taken();
          await stored;
          connection.send({ type: 'ack' });
        },
        tooFast: () => undefined,
        closed: () => undefined,
      });
    const drained: string[] = [];
    const gateway = open(channelOf(async () => slow, { drain: async () => void drained.push('channel') }));
    const client = dial();
    await once(client, 'open');
    client.send('{}');
    await isTaken;
    const closing = gateway.close();
    expect(await outcomeOf(dial())).toBe(503);
    const answer = once(client, 'message');
    store();
    expect(String((await answer)[0])).toBe('{"type":"ack"}');
    expect(await closeOf(client)).toEqual([1001, 'server is going away']);
    await closing;
    expect(drained).toEqual(['channel']);
    expect(await refusedFor('closing')).toBe(1);
  });

  test('twice is the same as once', async () => {
    const gateway = open(channelOf(async () => echo));
    const client = dial();
    await once(client, 'open');
    const closed = closeOf(client);
    await Promise.all([gateway.close(), gateway.close()]);
    expect((await closed)[0]).toBe(1001);
    await gateway.close();
  });
});

test('clients connect after a long turn while others send more than is handled at once, and every message is answered', async () => {
  const events: ('arrival' | 'message')[] = [];
  let answered = 0;
  const record: Accept = (connection) =>
    connection.handle({
      async message(text) {
        events.push('message');
        connection.sendText(text);
      },
      tooFast: () => undefined,
      closed: () => undefined,
    });
  open(channelOf(async () => record));
  const senders = Array.from({ length: 60 }, () => dial());
  await Promise.all(senders.map((client) => once(client, 'open')));
  const done = new Promise<void>((resolve) => {
    for (const client of senders) client.on('message', () => (answered += 1) === 300 && resolve());
  });
  http.on('connection', () => events.push('arrival'));
  // The others are waiting to be accepted by now.
  http.once('connection', () => {
    for (const client of senders) for (let index = 0; index < 5; index += 1) client.send(`${index}`);
    for (const endMs = performance.now() + 110; performance.now() < endMs;);
  });
  const arriving = Array.from({ length: 20 }, () => dial());
  await Promise.all([done, ...arriving.map((client) => once(client, 'open'))]);
  const between = events.slice(events.indexOf('arrival'), events.lastIndexOf('arrival'));
  // Node accepts one connection in a turn of its event loop; two turns can begin three messages each between two arrivals.
  expect(between.join(' ')).not.toMatch(/( message){7}/);
  expect(events.filter((event) => event === 'message')).toHaveLength(300);
});
