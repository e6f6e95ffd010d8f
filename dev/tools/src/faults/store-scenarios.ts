import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { TcpRelay } from '@invigil/testkit/network/tcp-relay';
import { outcomeOf } from './outcome.ts';
import { finishRecording, startRecording, waitUntilDelivering, waitUntilReady } from './page-recording.ts';
import { RedisProcess } from './redis-process.ts';
import type { FaultScenario } from './scenario.ts';

export const redisRestarted: FaultScenario = async ({ pages, startServer, newFolder, onEnd }) => {
  const redis = await RedisProcess.start(await newFolder());
  onEnd(() => redis.kill());
  const server = await startServer({ REDIS_URL: redis.url });
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'redis' });
  await delay(2000);
  await redis.kill();
  await delay(3000);
  await redis.restart();
  await delay(3000);
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('redis'));
};

export const redisSlow: FaultScenario = async ({ pages, startServer, newFolder, onEnd }) => {
  const redis = await RedisProcess.start(await newFolder());
  onEnd(() => redis.kill());
  const server = await startServer({ REDIS_URL: redis.url });
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'slow' });
  for (let pause = 0; pause < 3; pause += 1) {
    await delay(1000);
    await redis.command('CLIENT PAUSE 2500');
    await delay(2500);
  }
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('slow'));
};

/** Redis is out of memory and refuses every write until it gets more. It must not evict acknowledged frames. */
export const redisFull: FaultScenario = async ({ pages, startServer, newFolder, onEnd }) => {
  const redis = await RedisProcess.start(await newFolder());
  onEnd(() => redis.kill());
  const server = await startServer({ REDIS_URL: redis.url });
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'memory' });
  await waitUntilReady(page);
  await delay(1500);
  await redis.command('CONFIG SET maxmemory 100kb');
  await delay(4000);
  const waiting = await page.evaluate(() => globalThis.recording.delivery.state.waitingFrames);
  if (waiting < 20) throw new Error(`only ${waiting} frames waited: the memory was not full`);
  await redis.command('CONFIG SET maxmemory 0');
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('memory'));
};

/** A failover: the address leads to another primary, and the live connection to the old one, which refuses writes (READONLY). */
export const primaryDemoted: FaultScenario = async ({ pages, startServer, newFolder, onEnd }) => {
  const [first, second] = [await RedisProcess.start(await newFolder()), await RedisProcess.start(await newFolder())];
  for (const redis of [first, second]) onEnd(() => redis.kill());
  const relay = await TcpRelay.start(first.port);
  onEnd(() => relay.close());
  await second.command(`REPLICAOF 127.0.0.1 ${first.port}`);
  while (!(await second.command('ROLE', 64)).includes('connected')) await delay(100);
  const server = await startServer({ REDIS_URL: `redis://127.0.0.1:${relay.port}` });
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'demoted' });
  await waitUntilReady(page);
  await delay(2000);
  // Redis pauses writes until the replica has all of them, then exchanges the roles.
  await first.command(`FAILOVER TO 127.0.0.1 ${second.port}`);
  while (!(await second.command('ROLE', 64)).includes('master')) await delay(50);
  relay.targetPort = second.port;
  await delay(6000);
  await waitUntilDelivering(page);
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('demoted'));
};

/** The disk of the embedded store fills up mid-session, and has room again later. */
export const diskFull: FaultScenario = async ({ pages, startServer, newFolder, onEnd }) => {
  if (process.getuid?.() !== 0) return { skipped: 'a small disk can be mounted by root alone' };
  const folder = await newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return { skipped: 'a small disk cannot be mounted here' };
  }
  onEnd(() => execFileSync('umount', ['-l', folder]));
  const server = await startServer({ DATA_DIR: folder });
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'disk' });
  await waitUntilReady(page);
  await delay(1500);
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${folder}/filler`, 'bs=4k'], { stdio: 'ignore' });
  } catch {
    // It ends when there is no room left, which is its purpose.
  }
  // The store's log has room for more frames until it has to grow.
  await page.waitForFunction(() => globalThis.recording.delivery.state.waitingFrames >= 20, null, { timeout: 60_000 });
  execFileSync('rm', [`${folder}/filler`]);
  await delay(2000);
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('disk'));
};
