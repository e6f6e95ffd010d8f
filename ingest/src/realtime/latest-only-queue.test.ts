import { describe, expect, test } from 'vitest';
import { LatestOnlyQueue } from './latest-only-queue.ts';

/** A client that reads only when the test lets it. */
const slowClient = () => {
  const buffered: (() => void)[] = [];
  const sent: unknown[] = [];
  return {
    sent,
    get bufferedBytes() {
      return buffered.length * 100;
    },
    send(message: object, left?: () => void) {
      sent.push(message);
      buffered.push(left ?? (() => undefined));
    },
    read: () => buffered.shift()?.(),
  };
};

describe('newest wins', () => {
  test('sends everything while the client keeps up', () => {
    const client = slowClient();
    let replaced = 0;
    const queue = new LatestOnlyQueue(client, 200, () => (replaced += 1));
    for (let n = 0; n < 10; n += 1) {
      queue.offer('a', { n });
      client.read();
    }
    expect(client.sent).toHaveLength(10);
    expect(replaced).toBe(0);
  });

  test('keeps only the newest message of each key while the client does not read', () => {
    const client = slowClient();
    let replaced = 0;
    const queue = new LatestOnlyQueue(client, 200, () => (replaced += 1));
    for (let n = 0; n < 1000; n += 1) for (const key of ['a', 'b', 'c']) queue.offer(key, { key, n });
    expect(client.sent).toHaveLength(2);
    expect(queue.waiting).toBe(3);
    expect(replaced).toBe(3000 - 2 - 3);
    for (let reads = 0; reads < 5; reads += 1) client.read();
    expect(client.sent.slice(2)).toEqual([
      { key: 'a', n: 999 },
      { key: 'b', n: 999 },
      { key: 'c', n: 999 },
    ]);
    expect(queue.waiting).toBe(0);
  });

  test('sends nothing of a key that is no longer wanted', () => {
    const client = slowClient();
    const queue = new LatestOnlyQueue(client, 100, () => undefined);
    queue.offer('a', { n: 0 });
    queue.offer('a', { n: 1 });
    queue.forget('a');
    client.read();
    expect(client.sent).toEqual([{ n: 0 }]);
  });
});
