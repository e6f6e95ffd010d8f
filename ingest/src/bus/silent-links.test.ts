import { afterEach, expect, test } from 'vitest';
import { TcpRelay } from '@invigil/testkit/network/tcp-relay';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import type { BusLink } from './bus-link.ts';
import { natsLink } from './nats-link.ts';
import { redisLink } from './redis-link.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

test.each([
  ['NATS', startNats, natsLink],
  ['Redis', startRedis, redisLink],
] as const)(
  'a connection to %s that goes silent is replaced, with its subscriptions',
  async (_name, start, open: (url: string) => BusLink) => {
    const service = await start();
    closers.push(() => service.stop());
    const url = new URL(service.url);
    const relay = await TcpRelay.start(Number(url.port));
    closers.push(() => relay.close());
    url.port = String(relay.port);
    const [near, far] = [open(service.url), open(url.href)];
    closers.push(
      () => near.close(),
      () => far.close(),
    );
    const received: string[] = [];
    await Promise.all([
      far.follow('exams.>', (_subject, text) => received.push(text)).ready,
      near.follow('answers.*', (_subject, text) => received.push(text)).ready,
    ]);
    let caughtUp = 0;
    far.onUp(() => (caughtUp += 1));
    near.publish('exams.one', 'before');
    await expect.poll(() => received).toEqual(['before']);

    relay.silence();
    await expect.poll(() => caughtUp, { timeout: 15_000 }).toBe(1);
    near.publish('exams.one', 'to the silent one');
    far.publish('answers.one', 'from the silent one');
    await expect.poll(() => received.toSorted()).toEqual(['before', 'from the silent one', 'to the silent one']);
  },
  30_000,
);
