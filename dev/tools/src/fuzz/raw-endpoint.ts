import { connect } from 'node:net';
import { HangError } from './hang-error.ts';
import type { Random } from './random.ts';

const answerLimitMs = 20_000;

const requestBytes = (random: Random): string | Buffer =>
  random.pick<() => string | Buffer>([
    () => random.bytes(1 + random.below(300)),
    () => `GET / HTTP/1.1\r\n${'x'.repeat(random.below(20_000))}`,
    () => `GET / HTTP/9.9\r\nHost: x\r\n\r\n`,
    () => `POST /api/v1/session/start HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`,
    () =>
      `POST /api/v1/session/start HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    () => `POST /api/v1/session/start HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
    () => `GET ${random.bytes(20).toString('latin1')} HTTP/1.1\r\nHost: x\r\n\r\n`,
    () =>
      `GET /api/v1/session/ws/x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: ${random.below(99)}\r\nSec-WebSocket-Key: ${random.bytes(8).toString('base64')}\r\n\r\n`,
    () => `GET http://[::1/ws/proctor HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    () => `GET /ws/proctor HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n`,
    () => `OPTIONS * HTTP/1.1\r\nHost: ${'a'.repeat(random.below(3000))}\r\n\r\n`,
  ])();

/** Sends bytes that are not a valid request. Resolves with the status, or null when the server closes without an answer. */
export const sendRaw = (origin: string, random: Random): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.end(requestBytes(random)));
    socket.setTimeout(answerLimitMs, () => {
      socket.destroy();
      reject(new HangError('no answer to bytes'));
    });
    socket.on('data', (data: Buffer) => (text += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text);
      resolve(status === null ? null : Number(status[1]));
    });
  });
