import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ChildService } from '@invigil/testkit/services/child-service';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { OutageLog } from '../telemetry/outage-log.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import type { BusLink } from './bus-link.ts';
import { localLink } from './local-link.ts';
import { natsLink } from './nats-link.ts';
import { redisLink } from './redis-link.ts';
import { openBus } from './open-bus.ts';
import { MessageRelay } from './message-relay.ts';
import { subject } from './subject.ts';
import { topics } from './topics.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const fail = (error: unknown): never => {
  throw error;
};

const opened: { close(): Promise<void> }[] = [];
const open = (link: BusLink): MessageRelay => {
  const bus = new MessageRelay(randomUUID(), link, fail);
  opened.push(bus);
  return bus;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((bus) => bus.close()));
});

/** Received messages, and a promise that resolves when enough have arrived. */
const collector = () => {
  const messages: object[] = [];
  let wake: () => void = () => undefined;
  return {
    messages,
    handler: (message: unknown) => {
      messages.push(message as object);
      wake();
    },
    async reach(count: number): Promise<object[]> {
      while (messages.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return messages;
    },
  };
};

type Checked = Pick<MessageRelay, 'check' | 'onHealed'>;

const up = async (bus: Checked): Promise<void> => {
  await expect.poll(() => bus.check().then(() => 'up', String), { timeout: 15_000 }).toBe('up');
};

const nextHealing = (bus: Checked): Promise<void> =>
  new Promise((resolve) => {
    const stop = bus.onHealed(() => {
      stop();
      resolve();
    });
  });

interface Kind {
  name: string;
  start: () => Promise<(ChildService & { url: string }) | null>;
  link: (url: string) => BusLink;
}
const kinds: Kind[] = [
  { name: 'in one process', start: async () => null, link: localLink },
  { name: 'over Redis', start: startRedis, link: redisLink },
  { name: 'over NATS', start: startNats, link: natsLink },
];

describe.each(kinds)('bus $name', ({ start, link }) => {
  let service: (ChildService & { url: string }) | null;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(async () => {
    await service?.stop();
  });
  /** Two replicas; for a single process, the same one twice. */
  const replicas = (): [MessageRelay, MessageRelay] => {
    const first = open(link(service?.url ?? ''));
    return service === null ? [first, first] : [first, open(link(service.url))];
  };

  test('delivers every message of a subject to every replica, in the sender’s order', async () => {
    const [sender, other] = replicas();
    const [near, far] = [collector(), collector()];
    await sender.subscribe('exams.1.status', near.handler).ready;
    await other.subscribe('exams.1.status', far.handler).ready;
    await up(sender);
    const sent = Array.from({ length: 500 }, (_, index) => ({ index }));
    for (const message of sent) sender.publish('exams.1.status', message);
    expect(await near.reach(sent.length)).toEqual(sent);
    expect(await far.reach(sent.length)).toEqual(sent);
  });

  test('a pattern matches only its own subjects, and each subscription receives a message once', async () => {
    const [sender, other] = replicas();
    const [word, rest, exact] = [collector(), collector(), collector()];
    await other.subscribe('exams.*.status', word.handler).ready;
    await other.subscribe('exams.>', rest.handler).ready;
    await other.subscribe(subject('exams.*.status', ['a.b']), exact.handler).ready;
    await up(sender);
    sender.publish(subject('exams.*.status', ['a.b']), { n: 1 });
    sender.publish('exams.c.deep.status', { n: 2 });
    sender.publish('rooms.c.status', { n: 3 });
    sender.publish('exams.c.status', { n: 4 });
    expect(await rest.reach(3)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
    expect(await word.reach(2)).toEqual([{ n: 1 }, { n: 4 }]);
    expect(exact.messages).toEqual([{ n: 1 }]);
  });

  test('an ended subscription receives nothing, while others continue', async () => {
    const [sender, other] = replicas();
    const [ended, going] = [collector(), collector()];
    const subscription = other.subscribe('exams.2.status', ended.handler);
    await subscription.ready;
    await other.subscribe('exams.2.status', going.handler).ready;
    await up(sender);
    subscription.close();
    subscription.close();
    sender.publish('exams.2.status', { n: 1 });
    await going.reach(1);
    expect(ended.messages).toEqual([]);
  });

  test('a handler that fails does not prevent the next one from receiving the message', async () => {
    const failures: unknown[] = [];
    const bus = new MessageRelay(randomUUID(), link(service?.url ?? ''), (error) => failures.push(error));
    opened.push(bus);
    const seen = collector();
    await bus.subscribe('exams.3.status', () => fail(new Error('broken'))).ready;
    await bus.subscribe('exams.3.status', seen.handler).ready;
    bus.publish('exams.3.status', { n: 1 });
    await seen.reach(1);
    expect(failures).toEqual([new Error('broken')]);
  });

  test('closing twice is harmless', async () => {
    const [bus] = replicas();
    await bus.close();
    await expect(bus.close()).resolves.toBeUndefined();
  });
});

describe.each(kinds.filter(({ name }) => name !== 'in one process'))('a lost bus $name', ({ start, link }) => {
  test('fails the check, still serves its own subscribers, and notifies every replica after recovery', async () => {
    const service = await start();
    if (service === null) throw new Error('no service');
    try {
      const [first, second] = [open(link(service.url)), open(link(service.url))];
      const [near, far] = [collector(), collector()];
      await first.subscribe('exams.1.status', near.handler).ready;
      await second.subscribe('exams.1.status', far.handler).ready;
      await Promise.all([up(first), up(second)]);

      await service.stop();
      await expect
        .poll(() => first.check().then(() => null, String), { timeout: 15_000 })
        .toContain('bus does not answer');
      first.publish('exams.1.status', { n: 1 });
      expect(await near.reach(1)).toEqual([{ n: 1 }]);

      const healed = Promise.all([nextHealing(first), nextHealing(second)]);
      await service.start();
      await healed;
      // One replica may notice the recovery slightly before the other.
      await Promise.all([up(first), up(second)]);
      first.publish('exams.1.status', { n: 2 });
      await near.reach(2);
      // Messages published during the outage are lost, as documented.
      expect(await far.reach(1)).toEqual([{ n: 2 }]);
    } finally {
      await service.stop();
    }
  });

  test('restores a subscription that the bus had not confirmed when it broke', async () => {
    const service = await start();
    if (service === null) throw new Error('no service');
    try {
      const [bus, other] = [open(link(service.url)), open(link(service.url))];
      await Promise.all([up(bus), up(other)]);
      const [exact, fitting] = [collector(), collector()];
      service.pause();
      const subscriptions = [
        bus.subscribe('exams.1.status', exact.handler),
        bus.subscribe('exams.*.status', fitting.handler),
      ];
      // Killed while both replicas are connected.
      await waitUntil(
        () =>
          bus.check().then(
            () => false,
            () => true,
          ),
        { timeout: 10_000 },
      );
      await service.stop();
      await service.start();
      await Promise.all(subscriptions.map(({ ready }) => ready));
      await Promise.all([up(bus), up(other)]);
      other.publish('exams.1.status', { n: 1 });
      expect(await exact.reach(1)).toEqual([{ n: 1 }]);
      expect(await fitting.reach(1)).toEqual([{ n: 1 }]);
    } finally {
      await service.stop();
    }
  });

  test('connects to a bus that was unavailable at the start', async () => {
    const service = await start();
    if (service === null) throw new Error('no service');
    await service.stop();
    try {
      const bus = open(link(service.url));
      const seen = collector();
      const { ready } = bus.subscribe('exams.1.status', seen.handler);
      await expect(bus.check()).rejects.toMatchObject({ reason: 'bus_unavailable' });
      await service.start();
      await ready;
      const other = open(link(service.url));
      await up(other);
      other.publish('exams.1.status', { n: 1 });
      expect(await seen.reach(1)).toEqual([{ n: 1 }]);
    } finally {
      await service.stop();
    }
  });
});

test('a process without other replicas does not serialise its messages', async () => {
  const bus = open(localLink());
  const seen = collector();
  bus.subscribe('exams.1.status', seen.handler);
  const toJSON = vi.fn<() => object>();
  bus.publish('exams.1.status', { toJSON });
  expect(await seen.reach(1)).toEqual([{ toJSON }]);
  expect(toJSON).not.toHaveBeenCalled();
});

test('messages count as dropped only once the link has been up', async () => {
  let [isUp, connected] = [false, (): void => undefined];
  const ready = new Promise<void>((resolve) => (connected = resolve));
  const follow = () => ({ ready, stop: () => undefined });
  const link: BusLink = { ...localLink(), isLocal: false, publish: () => isUp, follow };
  const passed: string[] = [];
  const bus = new MessageRelay(randomUUID(), link, fail, (way) => passed.push(way));
  bus.publish('exams.1.status', {});
  connected();
  await ready;
  for (const state of [true, false]) {
    isUp = state;
    bus.publish('exams.1.status', {});
  }
  expect(passed).toEqual(['published', 'dropped']);
});

test('a message that is larger than NATS accepts is dropped and logged, and the next one arrives', async () => {
  const logged: string[] = [];
  const write = (line: string): void => {
    const { event, error } = JSON.parse(line);
    logged.push(`${event}: ${error.message}`);
  };
  const log = pino({ level: 'warn', serializers: { error: pino.stdSerializers.err } }, { write });
  const service = await startNats();
  const [metrics, seen] = [createMetrics(), collector()];
  const location = { redisUrl: null, busPrefix: '', natsUrl: service.url };
  const outages = new OutageLog(log, Date.now);
  const near = openBus({ location, replicaId: randomUUID(), metrics, outages, log });
  const far = open(natsLink(service.url));
  opened.push(near);
  try {
    await far.subscribe(subject(topics.examReplaced.pattern, ['physics']), seen.handler).ready;
    await up(near);
    near.publish(topics.examReplaced, ['physics'], { slot: 'x'.repeat(1024 * 1024) });
    near.publish(topics.examReplaced, ['physics'], { slot: 'small' });
    expect(await seen.reach(1)).toEqual([{ slot: 'small' }]);
    expect(logged).toEqual([
      expect.stringMatching(/^bus.message_too_large: .*exams\.physics\.replaced has 1048\d+ bytes/),
    ]);
    const { values } = await metrics.busMessages.get();
    expect(values.find(({ labels }) => labels.way === 'dropped')?.value).toBe(1);
  } finally {
    await service.stop();
  }
});

test('logs a NATS that does not answer once per outage, at the start and later', async () => {
  const events: unknown[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void events.push(JSON.parse(line).event) });
  const service = await startNats();
  await service.stop();
  const bus = openBus({
    location: { redisUrl: null, busPrefix: '', natsUrl: service.url },
    replicaId: randomUUID(),
    metrics: createMetrics(),
    outages: new OutageLog(log, Date.now),
    log,
  });
  opened.push(bus);
  try {
    await waitUntil(() => events.length > 0, { timeout: 10_000 });
    await service.start();
    await up(bus);
    await service.stop();
    await waitUntil(() => events.length > 2, { timeout: 10_000 });
    await service.start();
    await up(bus);
    expect(events).toEqual(['bus.lost', 'bus.back', 'bus.lost', 'bus.back']);
  } finally {
    await service.stop();
  }
});
