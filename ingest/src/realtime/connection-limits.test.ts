import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { closeCodes } from '@invigil/protocol/channels';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { loadConfig } from '../config.ts';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { Connection } from './connection.ts';
import type { ConnectionHandler } from './connection.ts';

const open = async (limits: Partial<ConnectionLimits> = {}, handler: Partial<ConnectionHandler> = {}, options = {}) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const stream = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const client = new WebSocket('ws://127.0.0.1', {
    perMessageDeflate: { threshold: 0 },
    createConnection: () => stream,
  });
  const [socket] = (await accepted) as [WebSocket];
  const clock = { nowMs: 1_000_000 };
  const errors: unknown[] = [];
  const metrics = createMetrics();
  const connection = new Connection(socket, {
    channel: 'test',
    limits: { ...loadConfig({}).connectionLimits, ...limits },
    metrics,
    now: () => clock.nowMs,
    onError: (error) => errors.push(error),
  });
  const texts: string[] = [];
  const events: string[] = [];
  connection.handle({
    message: async (text) => void texts.push(text),
    tooFast: (retryAfterMs) => events.push(`too fast ${retryAfterMs}`),
    closed: () => events.push('closed'),
    ...handler,
  });
  if (client.readyState !== client.OPEN) await once(client, 'open');
  const closed = once(client, 'close').then(([code]) => code as number);
  return { connection, client, stream, socket, clock, errors, metrics, texts, events, closed };
};
/** Sends messages in one write, so that they arrive in one chunk: each is compressed by itself, which takes a while. */
const sendTogether = async (client: WebSocket, stream: Socket, messages: readonly string[]): Promise<void> => {
  stream.cork();
  for (const message of messages) client.send(message);
  await expect.poll(() => client.bufferedAmount - stream.writableLength, { timeout: 10_000 }).toBe(0);
  stream.uncork();
};
/** Resolves when everything that the client sent before has arrived. */
const arrived = async (client: WebSocket, socket: WebSocket): Promise<void> => {
  const ping = once(socket, 'ping');
  client.ping();
  await ping;
};

describe('a connection is closed', () => {
  test('as unsupported data if it sends bytes', async () => {
    const { client, closed, texts } = await open();
    client.send(Buffer.from('{}'));
    expect(await closed).toBe(closeCodes.unsupportedData.code);
    expect(texts).toEqual([]);
  });

  test('with a server error if a message cannot be handled, and the error is reported', async () => {
    const message = async (): Promise<void> => {
      throw new Error('a mistake');
    };
    const { client, closed, errors } = await open({}, { message });
    client.send('{}');
    expect(await closed).toBe(closeCodes.internalError.code);
    expect(errors).toEqual([new Error('a mistake')]);
  });

  test('for too many refused messages', async () => {
    const { connection, closed } = await open({ strikes: 3 });
    for (let strike = 0; strike < 3; strike += 1) connection.strike();
    expect(connection.open).toBe(true);
    connection.strike();
    expect(await closed).toBe(closeCodes.rateExceeded.code);
  });

  test('as busy if its client reads too slowly', async () => {
    const { connection, client, closed } = await open({ sendBufferBytes: 100_000 });
    client.pause();
    const text = 'x'.repeat(1_000_000);
    let sent = 0;
    while (connection.open && sent < 200) {
      connection.sendText(text);
      sent += 1;
    }
    expect(connection.open).toBe(false);
    client.resume();
    expect(await closed).toBe(closeCodes.tryAgainLater.code);
  });

  test('without a heartbeat, but not while pongs arrive', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { clock, closed, connection, socket } = await open({ silenceMs: 20_000 });
    const pong = once(socket, 'pong');
    clock.nowMs += 15_000;
    vi.advanceTimersByTime(10_000);
    await pong;
    clock.nowMs += 20_000;
    vi.advanceTimersByTime(10_000);
    expect(connection.open).toBe(true);
    clock.nowMs += 20_001;
    vi.advanceTimersByTime(10_000);
    expect(await closed).toBe(closeCodes.heartbeatTimeout.code);
  });

  test('once, and its handler hears of it once', async () => {
    const { connection, closed, events } = await open();
    connection.close(closeCodes.sessionEnded);
    connection.close(closeCodes.internalError);
    expect(await closed).toBe(closeCodes.sessionEnded.code);
    await expect.poll(() => events, { timeout: 10_000 }).toEqual(['closed']);
  });
});

describe('messages', () => {
  test('are handled one after the other, in order', async () => {
    const order: string[] = [];
    const release: (() => void)[] = [];
    const message = async (text: string): Promise<void> => {
      order.push(`begin ${text}`);
      await new Promise<void>((resolve) => release.push(resolve));
      order.push(`end ${text}`);
    };
    const { client, connection } = await open({}, { message });
    for (const text of ['a', 'b']) client.send(text);
    await expect.poll(() => connection.messagesInWork, { timeout: 10_000 }).toBe(2);
    expect(order).toEqual(['begin a']);
    release.shift()!();
    await expect.poll(() => order, { timeout: 10_000 }).toEqual(['begin a', 'end a', 'begin b']);
    release.shift()!();
    await expect.poll(() => connection.messagesInWork, { timeout: 10_000 }).toBe(0);
  });

  test('above the rate are dropped, and the client is told once a second', async () => {
    const { client, socket, texts, events, clock } = await open({ messagesPerSecond: 1, messageBurst: 2 });
    for (const text of ['1', '2', '3', '4']) client.send(text);
    await arrived(client, socket);
    expect(events).toEqual(['too fast 1000']);
    clock.nowMs += 1000;
    for (const text of ['5', '6']) client.send(text);
    await arrived(client, socket);
    await expect.poll(() => texts, { timeout: 10_000 }).toEqual(['1', '2', '5']);
    expect(events).toEqual(['too fast 1000', 'too fast 1000']);
  });

  test('are not read for a moment after one was too early', async () => {
    const { client, socket, texts } = await open({ messagesPerSecond: 5, messageBurst: 1 });
    for (const text of ['1', '2']) client.send(text);
    await expect.poll(() => socket.isPaused, { timeout: 10_000 }).toBe(true);
    await expect.poll(() => socket.isPaused, { timeout: 10_000 }).toBe(false);
    expect(texts).toEqual(['1']);
  });

  test('that arrived with one that was too early are dropped even if they are small once decompressed', async () => {
    const compressed = { perMessageDeflate: { clientNoContextTakeover: true } };
    const { client, stream, socket, texts, metrics } = await open(
      { bytesPerSecond: 10_000, byteBurst: 10_000 },
      {},
      compressed,
    );
    // The second one exceeds the rate.
    const sizes = [9000, 9000, 20, 20];
    await sendTogether(
      client,
      stream,
      sizes.map((size) => 'x'.repeat(size)),
    );
    await arrived(client, socket);
    await expect.poll(() => texts.map(({ length }) => length), { timeout: 10_000 }).toEqual([9000]);
    const { values } = await metrics.budgetRefused.get();
    expect(values).toMatchObject([{ labels: { limit: 'messages' }, value: 3 }]);
    await expect.poll(() => socket.isPaused, { timeout: 10_000 }).toBe(false);
    client.send('x'.repeat(30));
    await arrived(client, socket);
    await expect.poll(() => texts.map(({ length }) => length), { timeout: 10_000 }).toEqual([9000, 30]);
  });

  test('a connection that is closed while it rests completes its closing handshake', async () => {
    const { client, connection, socket, closed } = await open({ messagesPerSecond: 5, messageBurst: 1 });
    for (const text of ['1', '2']) client.send(text);
    await expect.poll(() => socket.isPaused, { timeout: 10_000 }).toBe(true);
    connection.close(closeCodes.sessionEnded);
    expect(socket.isPaused).toBe(false);
    expect(await closed).toBe(closeCodes.sessionEnded.code);
  });

  test('above the bytes a second are dropped', async () => {
    const { client, socket, texts } = await open({ bytesPerSecond: 10, byteBurst: 100 });
    for (const size of [60, 60, 40]) client.send('x'.repeat(size));
    await arrived(client, socket);
    await expect.poll(() => texts.map(({ length }) => length), { timeout: 10_000 }).toEqual([60, 40]);
  });

  test('are not read while too many are in work', async () => {
    const release: (() => void)[] = [];
    const message = (): Promise<void> => new Promise<void>((resolve) => release.push(resolve));
    const { client, connection, socket } = await open({ messagesInWork: 2 }, { message });
    for (let sent = 0; sent < 2; sent += 1) client.send('{}');
    await expect.poll(() => socket.isPaused, { timeout: 10_000 }).toBe(true);
    expect(connection.messagesInWork).toBe(2);
    await expect.poll(() => release.length, { timeout: 10_000 }).toBe(1);
    release.shift()!();
    await expect.poll(() => release.length, { timeout: 10_000 }).toBe(1);
    release.shift()!();
    await expect.poll(() => socket.isPaused, { timeout: 10_000 }).toBe(false);
  });

  test('are not accepted any more while it retires, and those accepted are answered', async () => {
    let store: () => void = () => undefined;
    const stored = new Promise<void>((resolve) => (store = resolve));
    const taken: string[] = [];
    const message = async (text: string): Promise<void> => {
      taken.push(text);
      await stored;
    };
    const { client, connection, socket } = await open({}, { message });
    client.send('first');
    await expect.poll(() => taken, { timeout: 10_000 }).toEqual(['first']);
    let isDrained = false;
    const drained = connection.retire(closeCodes.sessionEnded).then(() => (isDrained = true));
    client.send('second');
    await arrived(client, socket);
    expect(isDrained).toBe(false);
    store();
    await drained;
    expect(taken).toEqual(['first']);
  });
});

describe('the metrics', () => {
  test('count a connection as open, then closing, then by its code', async () => {
    const { connection, closed, metrics, events } = await open();
    const stateOf = async (state: string) =>
      (await metrics.connections.get()).values.find(({ labels }) => labels.state === state)?.value ?? 0;
    expect(await stateOf('open')).toBe(1);
    connection.close(closeCodes.goingAway);
    expect([await stateOf('open'), await stateOf('closing')]).toEqual([0, 1]);
    await closed;
    await expect.poll(() => events, { timeout: 10_000 }).toEqual(['closed']);
    expect([await stateOf('open'), await stateOf('closing')]).toEqual([0, 0]);
    const { values } = await metrics.connectionsClosed.get();
    expect(values).toMatchObject([{ labels: { channel: 'test', code: '1001' }, value: 1 }]);
  });
});
