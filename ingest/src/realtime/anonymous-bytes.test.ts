import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitBytes } from './anonymous-bytes.ts';

test('calls once, with the first byte above the limit, however they are divided', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }), (sizes) => {
      const socket = new PassThrough();
      const exceeded: number[] = [];
      let received = 0;
      limitBytes(socket, 100, () => exceeded.push(received));
      for (const size of sizes) {
        received += size;
        socket.emit('data', Buffer.alloc(size));
      }
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect(exceeded).toHaveLength(total > 100 ? 1 : 0);
      let sum = 0;
      const firstAbove = sizes.map((size) => (sum += size)).find((reached) => reached > 100);
      expect(exceeded[0]).toBe(firstAbove);
    }),
  );
});

test('counts nothing more once it was stopped', () => {
  const socket = new PassThrough();
  let exceeded = 0;
  const stop = limitBytes(socket, 100, () => (exceeded += 1));
  socket.emit('data', Buffer.alloc(100));
  stop();
  socket.emit('data', Buffer.alloc(100));
  expect(exceeded).toBe(0);
  expect(socket.listenerCount('data')).toBe(0);
});
