import { afterAll, beforeAll, expect, test } from 'vitest';
import { jpegOf } from '@invigil/testkit/jpeg';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { openProctor, openSentinel } from './live-client.ts';
import type { LiveClient } from './live-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const indexesOf = (proctor: LiveClient): number[] =>
  proctor.messages
    .filter(({ type }) => type === 'server.frame')
    .flatMap(({ payload }) => payload.frames.map(({ index }: { index: number }) => index));

test('a proctor that does not read gets the newest frame when it does, not all that it missed', async () => {
  const frameCount = 180;
  const data = jpegOf(640, 480, 75_000);
  const { client: sentinel, sentinelId } = await openSentinel(server, 1);
  const [slow, quick] = [await openProctor(server), await openProctor(server)];
  for (const proctor of [slow, quick]) {
    await proctor.next('server.update-sentinels', ({ payload }) => payload.sentinels.length === 1);
    proctor.send({ type: 'proctor.subscribe', payload: { sentinelId }, timestamp: 0 });
    proctor.send({ type: 'proctor.set-profile', payload: { sentinelId, profile: 'LOW' }, timestamp: 0 });
  }
  // A proctor's messages are handled in order: both have subscribed once both profiles have arrived.
  await waitUntil(() => sentinel.messages.filter(({ type }) => type === 'server.set-resolution').length === 2);
  slow.socket.pause();
  for (let index = 0; index < frameCount; index++) {
    sentinel.send({ type: 'sentinel.frame', payload: { frameId: `f${index}`, index, data }, timestamp: 0 });
    // Send at the fast proctor's speed, so that only the slow one falls behind.
    await waitUntil(() => indexesOf(quick).includes(index), { interval: 1 });
  }
  slow.socket.resume();
  await waitUntil(() => indexesOf(slow).includes(frameCount - 1), { timeout: 15_000 });
  const seen = indexesOf(slow);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.length).toBeLessThan(frameCount);
  expect(indexesOf(quick)).toHaveLength(frameCount);
  expect(slow.socket.readyState).toBe(slow.socket.OPEN);
});
