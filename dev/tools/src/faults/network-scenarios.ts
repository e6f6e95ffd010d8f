import { setTimeout as delay } from 'node:timers/promises';
import { HostileProxy } from '@invigil/testkit/network/hostile-proxy';
import type { ProxyBehaviour } from '@invigil/testkit/network/hostile-proxy';
import { outcomeOf } from './outcome.ts';
import {
  finishRecording,
  recordUndelivered,
  startRecording,
  waitUntilDelivering,
  waitUntilReady,
} from './page-recording.ts';
import type { FaultScenario } from './scenario.ts';

/** Time for several batches in either state of the network. */
const severalBatchesMs = 3000;

/** A network that never lets WebSockets work as they should. */
const always =
  (sessionId: string, behaviour: ProxyBehaviour): FaultScenario =>
  async ({ pages, startServer, onEnd }) => {
    const server = await startServer();
    const proxy = await HostileProxy.start(server.url, behaviour);
    onEnd(() => proxy.close());
    const page = await pages.newPage();
    await startRecording(page, { serverUrl: proxy.url, sessionId });
    await delay(severalBatchesMs);
    await waitUntilDelivering(page);
    await delay(severalBatchesMs);
    if (behaviour.kind !== 'silent' && proxy.resets < 2) throw new Error(`the proxy reset ${proxy.resets} sockets`);
    const produced = await finishRecording(page);
    return outcomeOf(produced, await server.endAndRead(sessionId));
  };

/** A network that turns bad during the session and is good again later. */
const forATime =
  (sessionId: string, behaviour: ProxyBehaviour, begin: (proxy: HostileProxy) => void): FaultScenario =>
  async ({ pages, startServer, onEnd, isShort }) => {
    const server = await startServer();
    const proxy = await HostileProxy.start(server.url, { kind: 'open' });
    onEnd(() => proxy.close());
    const page = await pages.newPage();
    await startRecording(page, { serverUrl: proxy.url, sessionId });
    await waitUntilReady(page);
    await delay(severalBatchesMs);
    proxy.behaviour = behaviour;
    begin(proxy);
    await recordUndelivered(page, isShort ? 8000 : 60_000);
    proxy.behaviour = { kind: 'open' };
    await waitUntilDelivering(page);
    const produced = await finishRecording(page);
    return outcomeOf(produced, await server.endAndRead(sessionId));
  };

export const silentProxy = always('silent', { kind: 'silent' });
export const resettingProxy = always('resetting', { kind: 'resetting', afterBytes: 600 });
/** Shorter than the time between two batches, so that each batch finds its connection cut. */
export const idleCutter = always('idle', { kind: 'idle_cutting', afterMs: 200 });
export const filterPage = forATime('filter', { kind: 'page', status: 403 }, (proxy) => proxy.dropAll());
export const captivePortal = forATime('portal', { kind: 'page', status: 200 }, (proxy) => proxy.dropAll());
export const halfOpen = forATime('half-open', { kind: 'half_open' }, (proxy) => proxy.silence());
