import { once } from 'node:events';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { socketOf } from '../live-client.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await server.ask('POST', '/api/v1/exams', { exam_id: 'physics' });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

/** The largest message of each channel, bytes. */
const channels: [path: string, mostBytes: number][] = [
  ['/api/v1/session/ws/large', 256 * 1024],
  ['/api/v1/websocket/physics/ws', 256 * 1024],
  ['/ws/sentinel', 10 * 1024 * 1024],
  ['/ws/proctor', 256 * 1024],
  ['/ws/presence', 256 * 1024],
  ['/ws/alerts/teacher', 256 * 1024],
];

const open = async (path: string): Promise<WebSocket> => {
  const socket = new WebSocket(socketOf(server) + path);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
};
const closed = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

/** The underlying socket, to send bytes that ws itself would not send. */
const bytesOf = (socket: WebSocket): { write(bytes: Buffer): void } =>
  (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;

describe.each(channels)('%s', (path, mostBytes) => {
  // Until a client has identified itself, the byte limit applies before the frame is parsed.
  const isAnonymous = ['/ws/sentinel', '/ws/proctor', '/ws/presence'].includes(path);
  const limit = isAnonymous ? '8192 bytes before identification' : `${mostBytes} bytes`;

  test('closes with 1009 and the limit on a message that is larger than allowed', async () => {
    const socket = await open(path);
    const closing = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.send('x'.repeat(mostBytes + 1));
    const [code, reason] = (await closing) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([1009, `message exceeds the size limit of ${limit}`]);
  });

  test('closes with 1009 on a message of many parts, none of which is too large', async () => {
    const socket = await open(path);
    const code = closed(socket);
    socket.on('error', () => undefined);
    const part = 'x'.repeat(Math.ceil(mostBytes / 8));
    for (let parts = 0; parts < 10; parts++) socket.send(part, { fin: false });
    expect(await code).toBe(1009);
  });

  test('decompresses no more of a message than is allowed, or refuses compression', async () => {
    const socket = await open(path);
    const code = closed(socket);
    const bomb = deflateRawSync(Buffer.alloc(12 * 1024 * 1024));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bomb.length);
    // A final text frame with the permessage-deflate bit set, masked with zeros.
    bytesOf(socket).write(Buffer.concat([Buffer.from([0xc1, 0x80 | 126]), length, Buffer.alloc(4), bomb]));
    expect(await code).toBe(socket.extensions === '' && !isAnonymous ? 1002 : 1009);
  });

  test('does not trust the length that a frame header claims', async () => {
    const socket = await open(path);
    const code = closed(socket);
    const length = Buffer.from([0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    bytesOf(socket).write(Buffer.concat([Buffer.from([0x81, 0x80 | 127]), length, Buffer.alloc(4)]));
    expect(await code).toBe(1009);
  });
});

describe('a body', () => {
  const bombBytes = 64 * 1024 * 1024;
  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  const post = async (path: string, encoding: string, body: Buffer) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': encoding };
    const answer = await fetch(server.origin + path, { method: 'POST', headers, body: new Uint8Array(body) });
    return { status: answer.status, json: await answer.json() };
  };
  const zeros = Buffer.alloc(bombBytes, '0');
  const bombs: [string, Buffer][] = [
    ['gzip', gzipSync(zeros, { level: 1 })],
    ['deflate', deflateSync(zeros, { level: 1 })],
    ['br', brotliCompressSync(zeros, quick)],
  ];

  describe.each(bombs)('of %s that decompresses to 64 MB', (encoding, bomb) => {
    test.each([
      '/api/v1/session/start',
      '/api/v1/session/ws/fallback',
      '/api/v1/exams',
      '/api/v1/exams/physics/answers',
      '/api/v1/session/large/review',
      '/api/v1/counters/agent',
    ])('is not decompressed at %s', async (path) => {
      expect(await post(path, encoding, bomb)).toMatchObject({ status: 413, json: { code: 'MESSAGE_TOO_BIG' } });
    });
  });

  test('with an unknown compression is refused', async () => {
    expect(await post('/api/v1/session/start', 'x-none', Buffer.from('{}'))).toMatchObject({ status: 400 });
  });
});

test('headers have a limit', async () => {
  const headers = { Authorization: `Bearer ${'x'.repeat(20_000)}` };
  const answer = await fetch(`${server.origin}/api/v1/exams`, { headers });
  expect(answer.status).toBe(431);
});
