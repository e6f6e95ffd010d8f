import { connect } from '@nats-io/transport-node';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { Bus } from './bus.ts';
import type { BusLink } from './bus-link.ts';
import { MessageRelay } from './message-relay.ts';
import { natsLink } from './nats-link.ts';
import { redisLink } from './redis-link.ts';
import { anyWord } from './subject.ts';
import { topics } from './topics.ts';

/** Another program on the same bus. */
interface Foreigner {
  /** Resolves once messages arrive. */
  listen(pattern: string, receive: (name: string, text: string) => void): Promise<void>;
  publish(name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const overNats = async (url: string): Promise<Foreigner> => {
  const connection = await connect({ servers: url });
  return {
    async listen(pattern, receive) {
      connection.subscribe(pattern, { callback: (_error, message) => receive(message.subject, message.string()) });
      await connection.flush();
    },
    async publish(name, text) {
      connection.publish(name, text);
      await connection.flush();
    },
    close: () => connection.close(),
  };
};

const overRedis = async (url: string): Promise<Foreigner> => {
  const [publisher, subscriber] = [createClient({ url }), createClient({ url })];
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return {
    listen: (pattern, receive) => subscriber.pSubscribe(pattern, (text, channel) => receive(channel, text)),
    publish: async (name, text) => void (await publisher.publish(name, text)),
    async close() {
      publisher.destroy();
      subscriber.destroy();
    },
  };
};

interface Kind {
  name: string;
  start: typeof startNats;
  link: (url: string, prefix: string) => BusLink;
  foreigner: (url: string) => Promise<Foreigner>;
}
const kinds: Kind[] = [
  { name: 'NATS', start: startNats, link: (url, prefix) => natsLink(url, undefined, prefix), foreigner: overNats },
  { name: 'Redis', start: startRedis, link: redisLink, foreigner: overRedis },
];

describe.each(kinds)('events of a classroom on $name', ({ start, link, foreigner }) => {
  let service: Awaited<ReturnType<typeof startNats>>;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.stop());

  const replicaOf = (replicaId: string, prefix: string): Bus => {
    const fail = (error: unknown): never => {
      throw error;
    };
    const bus = new Bus(new MessageRelay(replicaId, link(service.url, prefix), fail), ({ topic }) => fail(topic));
    onTestFinished(() => bus.close());
    return bus;
  };

  test.each(['', 'uni-a.'])('are plain on their documented subject, with the prefix “%s”', async (prefix) => {
    const [near, far, program] = [replicaOf('near', prefix), replicaOf('far', prefix), await foreigner(service.url)];
    onTestFinished(() => program.close());
    const seen: { name: string; event: object }[] = [];
    await program.listen(`${prefix}classrooms.c%2E1.*`, (name, text) => seen.push({ name, event: JSON.parse(text) }));
    const labels: Record<string, string[]> = { near: [], far: [] };
    for (const [name, bus] of Object.entries({ near, far })) {
      await bus.subscribe(topics.classroom, ['c.1', anyWord], ({ label }) => labels[name]!.push(label)).ready;
    }
    await expect
      .poll(() =>
        near.check().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const enter = { type: 'event', label: 'agent.enter', payload: 'web.ada', sender_id: 'web.ada' } as const;
    near.publish(topics.classroom, ['c.1', 'presence'], enter);
    await expect
      .poll(() => seen)
      .toEqual([{ name: `${prefix}classrooms.c%2E1.presence`, event: { ...enter, replica_id: 'near' } }]);
    const bell = { type: 'event', label: 'bell', payload: { minutes: 5 } };
    await program.publish(`${prefix}classrooms.c%2E1.schedule`, JSON.stringify(bell));
    // Its own event reaches a replica once, though Redis echoes it.
    await expect.poll(() => labels).toEqual({ near: ['agent.enter', 'bell'], far: ['agent.enter', 'bell'] });
  });

  test('do not reach an installation with another prefix', async () => {
    const [here, there] = [replicaOf('here', 'a.'), replicaOf('there', 'b.')];
    const labels: string[] = [];
    await there.subscribe(topics.classroom, ['c1', anyWord], ({ label }) => labels.push(label)).ready;
    await expect
      .poll(() =>
        here.check().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    here.publish(topics.classroom, ['c1', 'presence'], { type: 'event', label: 'lost', payload: null });
    await here.check();
    const own = replicaOf('own', 'b.');
    await expect
      .poll(() =>
        own.check().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    own.publish(topics.classroom, ['c1', 'presence'], { type: 'event', label: 'heard', payload: null });
    await expect.poll(() => labels).toEqual(['heard']);
  });
});
