import { afterEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { Bus } from '../bus/bus.ts';
import type { BusLink } from '../bus/bus-link.ts';
import { MessageRelay } from '../bus/message-relay.ts';
import { rosterMessage } from '../bus/roster-message.ts';
import { isMatch } from '../bus/subject.ts';
import { defineTopic } from '../bus/topic.ts';
import { Roster } from './roster.ts';

const topic = defineTopic('roster.seats', rosterMessage(v.object({ name: v.string() })));

interface WireLink extends BusLink {
  /** A replica that is cut off neither sends nor receives. */
  cut(isCut: boolean): void;
}

interface End {
  receivers: Set<readonly [string, (subject: string, text: string) => void]>;
  isCut: boolean;
}

/** Connects replicas; a test can cut one off. */
class Wire {
  readonly #ends: End[] = [];
  largestBytes = 0;

  link(): WireLink {
    const own: End = { receivers: new Set(), isCut: false };
    this.#ends.push(own);
    return {
      isLocal: false,
      publish: (subject, text) => {
        this.largestBytes = Math.max(this.largestBytes, Buffer.byteLength(text));
        for (const end of this.#ends) {
          if (end === own || own.isCut || end.isCut) continue;
          queueMicrotask(() => {
            for (const [pattern, receive] of end.receivers) if (isMatch(pattern, subject)) receive(subject, text);
          });
        }
        return true;
      },
      follow: (pattern, receive) => {
        const receiver = [pattern, receive] as const;
        own.receivers.add(receiver);
        return { ready: Promise.resolve(), stop: () => own.receivers.delete(receiver) };
      },
      onUp: () => undefined,
      check: async () => undefined,
      close: async () => undefined,
      cut: (isCut) => (own.isCut = isCut),
    };
  }
}

const fail = (error: unknown): never => {
  throw error;
};

const setUp = () => {
  vi.useFakeTimers();
  const wire = new Wire();
  const replica = (replicaId: string) => {
    const link = wire.link();
    const bus = new Bus(new MessageRelay(replicaId, link, fail), fail);
    return { link, roster: new Roster<{ name: string }>({ topic, replicaId, bus, now: Date.now }) };
  };
  return { wire, replica, settle: () => vi.advanceTimersByTimeAsync(0) };
};
const keysOf = (roster: Roster<{ name: string }>): string[] =>
  roster
    .all()
    .map(({ key }) => key)
    .toSorted();

describe('a roster', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('lists every replica’s entries, including on a replica that starts late', async () => {
    const { replica, settle } = setUp();
    const [a, b] = [replica('a'), replica('b')];
    a.roster.set('one', { name: 'One' });
    b.roster.set('two', { name: 'Two' });
    await settle();
    expect(keysOf(a.roster)).toEqual(['one', 'two']);
    await vi.advanceTimersByTimeAsync(500);
    const c = replica('c');
    await settle();
    expect(keysOf(c.roster)).toEqual(['one', 'two']);
    expect(c.roster.get('two')).toMatchObject({ replicaId: 'b', entry: { name: 'Two' } });
    b.roster.delete('two');
    await settle();
    expect(keysOf(c.roster)).toEqual(['one']);
  });

  test('knows the newest place of an entry that moved before the old place noticed', async () => {
    const { replica, settle } = setUp();
    const [a, b] = [replica('a'), replica('b')];
    a.roster.set('one', { name: 'One' });
    await vi.advanceTimersByTimeAsync(10);
    b.roster.set('one', { name: 'One' });
    await settle();
    expect(a.roster.get('one')?.replicaId).toBe('b');
    expect(a.roster.all()).toHaveLength(1);
    a.roster.delete('one');
    await settle();
    expect(b.roster.all()).toHaveLength(1);
    expect(a.roster.elsewhere('one')).toEqual(['b']);
    expect(b.roster.elsewhere('one')).toEqual([]);
  });

  test('finds missed entries with the next beat', async () => {
    const { replica, settle } = setUp();
    const [a, b] = [replica('a'), replica('b')];
    await settle();
    b.link.cut(true);
    a.roster.set('one', { name: 'One' });
    a.roster.set('two', { name: 'Two' });
    a.roster.delete('one');
    await settle();
    b.link.cut(false);
    expect(keysOf(b.roster)).toEqual([]);
    await vi.advanceTimersByTimeAsync(2500);
    expect(keysOf(b.roster)).toEqual(['two']);
  });

  test('requests the full list at once when a version was skipped', async () => {
    const { replica, settle } = setUp();
    const [a, b] = [replica('a'), replica('b')];
    await vi.advanceTimersByTimeAsync(500);
    b.link.cut(true);
    a.roster.set('one', { name: 'One' });
    await settle();
    b.link.cut(false);
    a.roster.set('two', { name: 'Two' });
    await settle();
    expect(keysOf(b.roster)).toEqual(['one', 'two']);
  });

  test('answers many requests at once, and again after a while', async () => {
    const { wire, replica, settle } = setUp();
    const a = replica('a');
    a.roster.set('one', { name: 'One' });
    await settle();
    const other = new Bus(new MessageRelay('old', wire.link(), fail), fail);
    const lists: string[][] = [];
    other.subscribe(topic, [], (message) => {
      if (message.kind === 'whole') lists.push(message.items.map(([key]) => key));
    });
    const ask = async (times: number): Promise<void> => {
      for (let index = 0; index < times; index += 1) other.publish(topic, [], { kind: 'ask', replica: 'old' });
      await settle();
    };
    await ask(20);
    expect(lists).toEqual([['one']]);
    a.roster.set('two', { name: 'Two' });
    await vi.advanceTimersByTimeAsync(200);
    await ask(20);
    expect(lists).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(lists.slice(1)).toEqual([['one', 'two']]);
    await vi.advanceTimersByTimeAsync(250);
    expect(lists).toHaveLength(2);
    await ask(1);
    expect(lists).toHaveLength(3);
    await ask(1);
    a.roster.close();
    await vi.advanceTimersByTimeAsync(250);
    expect(lists).toHaveLength(3);
  });

  test('drops a replica at once when it stops, and a silent one after a while', async () => {
    const { replica, settle } = setUp();
    const [a, b, c] = [replica('a'), replica('b'), replica('c')];
    b.roster.set('of-b', { name: '' });
    c.roster.set('of-c', { name: '' });
    await settle();
    b.roster.close();
    await settle();
    expect(keysOf(a.roster)).toEqual(['of-c']);
    c.link.cut(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(keysOf(a.roster)).toEqual(['of-c']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(keysOf(a.roster)).toEqual([]);
  });

  test('reports many changes as one', async () => {
    const { replica, settle } = setUp();
    const a = replica('a');
    await settle();
    const onChange = vi.fn<() => void>();
    a.roster.onChange(onChange);
    for (let index = 0; index < 100; index += 1) a.roster.set(String(index), { name: '' });
    await settle();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  test('carries thousands of entries to a late replica in messages that NATS accepts, however long the names are', async () => {
    const { wire, replica, settle } = setUp();
    const a = replica('a');
    // The longest id, and the longest name in characters that JSON writes with six bytes.
    const name = '\u0001'.repeat(200);
    for (let index = 0; index < 2500; index += 1) a.roster.set(String(index).padStart(128, '0'), { name });
    await settle();
    const other = new Bus(new MessageRelay('other', wire.link(), fail), fail);
    const more: unknown[] = [];
    other.subscribe(topic, [], (message) => {
      if (message.kind === 'whole' && message.replica === 'a') more.push(message.more);
    });
    const b = replica('b');
    await settle();
    expect(b.roster.all()).toHaveLength(2500);
    expect(more).toEqual([...Array.from({ length: 9 }, () => true), false]);
    expect(wire.largestBytes).toBeLessThan(1024 * 1024);
  });
});
