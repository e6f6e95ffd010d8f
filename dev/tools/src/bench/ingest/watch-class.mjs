import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';

const isFrame = '{"type":"server.frame"';
const sentinel = /"sentinelId":"([^"]+)"/;
const index = /"index":(\d+)/g;

/**
 * A proctor who watches a class: registers, sets its PIN, subscribes to each student.
 * @param {Map<string, import('./students.mjs').Student>} students by session
 * @param {(ms: number) => void} onRelayed how long after its batch was sent a student's news arrived
 */
export const watchClass = async ({ url, pin, students, onRelayed }) => {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('message', (data) => {
    const text = /** @type {Buffer} */ (data).toString();
    if (!text.startsWith(isFrame)) return;
    const nowMs = performance.now();
    const student = students.get(sentinel.exec(text)?.[1]);
    let last = -1;
    for (const [, seq] of text.matchAll(index)) last = Math.max(last, Number(seq));
    if (student !== undefined && last >= 0) onRelayed(nowMs - student.sentAtMs(last));
  });
  await once(socket, 'open');
  const say = (type, payload) => socket.send(JSON.stringify({ type, payload, timestamp: Date.now() / 1000 }));
  say('proctor.register', {});
  say('proctor.set-pin', { pin });
  for (const sentinelId of students.keys()) say('proctor.subscribe', { sentinelId });
  return () => socket.terminate();
};
