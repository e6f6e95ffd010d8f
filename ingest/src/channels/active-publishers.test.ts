import { closeCodes } from '@invigil/protocol/channels';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { localBus } from '../../test/local-bus.ts';
import type { Connection } from '../realtime/connection.ts';
import { ActivePublishers } from './active-publishers.ts';

let bus: Bus;
beforeEach(() => {
  bus = localBus();
});
afterEach(() => bus.close());

/** The part of a connection that `ActivePublishers` uses: retiring it. */
const connectionOf = (name: string, retired: string[], onRetire = async (): Promise<void> => undefined) =>
  ({
    retire: async ({ code }: { code: number }) => {
      expect(code).toBe(closeCodes.replaced.code);
      retired.push(name);
      await onRetire();
    },
  }) as unknown as Connection;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('connections that number the frames of a session', () => {
  test('are replaced by the newest, on the same replica', async () => {
    const publishers = new ActivePublishers(bus, () => 1000);
    const retired: string[] = [];
    await publishers.take('s1', connectionOf('first', retired));
    await publishers.take('s1', connectionOf('second', retired));
    expect(retired[0]).toBe('first');
    expect(retired).not.toContain('second');
  });

  test('are replaced by the newest on another replica, though the clocks stand still', async () => {
    const [here, there] = [new ActivePublishers(bus, () => 1000), new ActivePublishers(bus, () => 1000)];
    const retired: string[] = [];
    await here.take('s1', connectionOf('here', retired));
    await settle();
    await there.take('s1', connectionOf('there', retired));
    await settle();
    expect(new Set(retired)).toEqual(new Set(['here']));
  });

  test('are replaced by the newest though the earlier one’s replica has a clock that is ahead', async () => {
    const [ahead, behind] = [new ActivePublishers(bus, () => 9000), new ActivePublishers(bus, () => 1000)];
    const retired: string[] = [];
    await ahead.take('s1', connectionOf('first', retired));
    await settle();
    await behind.take('s1', connectionOf('second', retired));
    await settle();
    expect(new Set(retired)).toEqual(new Set(['first']));
  });

  test('of other sessions are left alone', async () => {
    const publishers = new ActivePublishers(bus, () => 1000);
    const retired: string[] = [];
    await publishers.take('s1', connectionOf('one', retired));
    await publishers.take('s2', connectionOf('two', retired));
    await settle();
    expect(retired).toEqual([]);
    expect(publishers.sessions()).toEqual(['s1', 's2']);
  });

  test('may say hello twice', async () => {
    const publishers = new ActivePublishers(bus, () => 1000);
    const retired: string[] = [];
    const connection = connectionOf('one', retired);
    await publishers.take('s1', connection);
    await publishers.take('s1', connection);
    await settle();
    expect(retired).toEqual([]);
    expect(publishers.of('s1')).toEqual([connection]);
  });

  test('begin only once the earlier one has answered its messages', async () => {
    const publishers = new ActivePublishers(bus, () => 1000);
    const order: string[] = [];
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await publishers.take(
      's1',
      connectionOf('first', [], () => answered),
    );
    const taken = publishers.take('s1', connectionOf('second', [])).then(() => order.push('second begins'));
    await settle();
    order.push('first answers');
    answer();
    await taken;
    expect(order).toEqual(['first answers', 'second begins']);
  });

  test('are forgotten when they leave', async () => {
    const publishers = new ActivePublishers(bus, () => 1000);
    const connection = connectionOf('one', []);
    await publishers.take('s1', connection);
    publishers.leave('s1', connection);
    publishers.leave('s2', connection);
    expect(publishers.of('s1')).toEqual([]);
    expect(publishers.sessions()).toEqual([]);
  });

  test('come down to one over all replicas, whatever order they come in', async () => {
    const arrivals = fc.array(fc.record({ replica: fc.nat({ max: 2 }), tick: fc.nat({ max: 3 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    let sessions = 0;
    await fc.assert(
      fc.asyncProperty(arrivals, async (list) => {
        let nowMs = 1000;
        const own = localBus();
        const replicas = Array.from({ length: 3 }, () => new ActivePublishers(own, () => nowMs));
        const sessionId = `s-${sessions++}`;
        const retired: string[] = [];
        for (const [at, { replica, tick }] of list.entries()) {
          nowMs += tick;
          await replicas[replica]!.take(sessionId, connectionOf(String(at), retired));
          await settle();
        }
        const all = list.map((_, at) => String(at));
        expect(all.filter((name) => !retired.includes(name))).toEqual(all.slice(-1));
        await own.close();
      }),
      { numRuns: 40 },
    );
  });
});
