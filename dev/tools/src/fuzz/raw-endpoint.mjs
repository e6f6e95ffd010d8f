import { connect } from 'node:net';

const patienceMs = 20_000;

const requests = (random) =>
  random.pick([
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

/** Bytes that are no request, or hardly one. Resolves with the status that comes, or null when the server only hangs up. */
export const sendRaw = (origin, random) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.end(requests(random)));
    socket.setTimeout(patienceMs, () => {
      socket.destroy();
      reject(Object.assign(new Error('no answer to bytes'), { code: 'HANG' }));
    });
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text);
      resolve(status === null ? null : Number(status[1]));
    });
  });
