import { once } from 'node:events';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import type { Student } from './students.ts';

export interface WatchedClass {
  url: string;
  pin: number;
  /** By session. */
  students: ReadonlyMap<string, Student>;
  /** Gets the milliseconds from sending a batch until the proctor received it. */
  onRelayed: (ms: number) => void;
}

const isFrame = '{"type":"server.frame"';
const sentinel = /"sentinelId":"([^"]+)"/;
const index = /"index":(\d+)/g;

export interface Proctor {
  receivedBytes: () => number;
  disconnect: () => void;
}

/** Watches a class as a proctor: registers, sets its PIN, subscribes to each student. */
export const watchClass = async ({ url, pin, students, onRelayed }: WatchedClass): Promise<Proctor> => {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let transport: Socket | null = null;
  socket.on('upgrade', (response) => (transport = response.socket));
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (!text.startsWith(isFrame)) return;
    const nowMs = performance.now();
    const student = students.get(sentinel.exec(text)?.[1] ?? '');
    let last = -1;
    for (const [, seq] of text.matchAll(index)) last = Math.max(last, Number(seq));
    if (student !== undefined && last >= 0) onRelayed(nowMs - student.sentAtMs(last));
  });
  await once(socket, 'open');
  const send = (type: string, payload: object): void =>
    socket.send(JSON.stringify({ type, payload, timestamp: Date.now() / 1000 }));
  send('proctor.register', {});
  send('proctor.set-pin', { pin });
  for (const sentinelId of students.keys()) send('proctor.subscribe', { sentinelId });
  return { receivedBytes: () => transport?.bytesRead ?? 0, disconnect: () => socket.terminate() };
};
