import { expect, test } from 'vitest';
import { ReplicatedWrites } from './replicated-writes.ts';
import type { WaitingNode } from './replicated-writes.ts';

/** A server whose replicas answer when the test says so. */
const createNode = () => {
  const waits: ((reached: number) => void)[] = [];
  const node = {
    socketEpoch: 1,
    wait: (): Promise<number> => new Promise((resolve) => waits.push(resolve)),
  };
  return { node, waits };
};

const writesTo = (node: WaitingNode, located: string[] = []) =>
  new ReplicatedWrites<WaitingNode>({
    replicas: 1,
    nodeOf: async () => node,
    locate: async (key) => located.push(key),
  });

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const stored = async (): Promise<string> => 'stored';
const wrote = (): boolean => true;

test('resolves when the replicas have the write', async () => {
  const { node, waits } = createNode();
  let isDone = false;
  const write = writesTo(node)
    .write('k', stored, wrote)
    .then((reply) => {
      isDone = true;
      return reply;
    });
  await settled();
  expect(isDone).toBe(false);
  waits[0]?.(1);
  expect(await write).toBe('stored');
});

test('rejects if too few replicas have it, or the connection was replaced', async () => {
  for (const { reached, epoch } of [
    { reached: 0, epoch: 1 },
    { reached: 1, epoch: 2 },
  ]) {
    const { node, waits } = createNode();
    const write = writesTo(node).write('k', stored, wrote);
    await settled();
    node.socketEpoch = epoch;
    waits[0]?.(reached);
    await expect(write).rejects.toMatchObject({
      reason: 'frame_store_unavailable',
      message: 'too few replicas of the frame store have the write',
      cause: { message: `${reached} of the 1 that REDIS_WAIT_REPLICAS requires` },
    });
  }
});

test('writes that end during a wait share the next one', async () => {
  const { node, waits } = createNode();
  const writes = writesTo(node);
  const first = writes.write('a', stored, wrote);
  await settled();
  const others = ['b', 'c', 'd'].map((key) => writes.write(key, stored, wrote));
  await settled();
  expect(waits).toHaveLength(1);
  waits[0]?.(1);
  await first;
  await settled();
  expect(waits).toHaveLength(2);
  waits[1]?.(1);
  expect(await Promise.all(others)).toEqual(['stored', 'stored', 'stored']);
});

test('does not wait for a reply that wrote nothing', async () => {
  const { node, waits } = createNode();
  expect(
    await writesTo(node).write(
      'k',
      async () => 'sealed',
      () => false,
    ),
  ).toBe('sealed');
  expect(waits).toEqual([]);
});

test('looks for the server of a key that has moved', async () => {
  const located: string[] = [];
  const failing = writesTo(createNode().node, located).write(
    'k',
    async () => {
      throw new Error('MOVED 1 127.0.0.1:7000');
    },
    wrote,
  );
  await expect(failing).rejects.toThrow('MOVED');
  expect(located).toEqual(['k']);
});
