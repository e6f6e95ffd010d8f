import { setTimeout as delay } from 'node:timers/promises';
import { outcomeOf } from './outcome.ts';
import type { ProducedFrame } from './outcome.ts';
import { CuttableProxy } from '@invigil/testkit/network/cuttable-proxy';
import {
  finishRecording,
  framesOfLives,
  recordedAtLast,
  recordUndelivered,
  reload,
  startRecording,
  waitUntilDelivering,
  waitUntilReady,
} from './page-recording.ts';
import type { FaultScenario } from './scenario.ts';

export const tabReloaded: FaultScenario = async ({ pages, startServer, isShort }) => {
  const server = await startServer();
  const page = await pages.newPage();
  const options = { serverUrl: server.url, sessionId: 'reloaded' };
  const lives: ProducedFrame[][] = [];
  for (let life = 0; life < (isShort ? 2 : 5); life += 1) {
    await startRecording(page, options);
    await delay(1200);
    lives.push(await recordedAtLast(page));
    await reload(page);
  }
  await startRecording(page, options);
  await delay(1000);
  lives.push(await finishRecording(page));
  return outcomeOf(framesOfLives(lives), await server.endAndRead('reloaded'));
};

export const outboxFull: FaultScenario = async ({ pages, startServer }) => {
  const server = await startServer();
  const page = await pages.newPage();
  await server.kill();
  await startRecording(page, { serverUrl: server.url, sessionId: 'full', outboxMaxFrames: 100 });
  await page.waitForFunction(() => globalThis.recording.recorded.length > 150, null, { timeout: 60_000 });
  await server.restart();
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('full'));
};

/** The browser stops the page's process, as it does with a frozen tab: nothing runs, not even a worker. */
export const tabFrozen: FaultScenario = async ({ pages, startServer, isShort }) => {
  const server = await startServer();
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'frozen' });
  await waitUntilReady(page);
  await delay(1500);
  const browser = pages.context.browser();
  if (browser === null) throw new Error('the page has no browser');
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  for (const id of renderers) process.kill(id, 'SIGSTOP');
  try {
    await delay(isShort ? 8000 : 60_000);
  } finally {
    for (const id of renderers) process.kill(id, 'SIGCONT');
  }
  await delay(2000);
  await waitUntilReady(page);
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('frozen'));
};

/** While the page is offline, its open database breaks, as after a crash of the browser's storage process. A new handle works. */
export const databaseStale: FaultScenario = async ({ pages, startServer, onEnd }) => {
  const server = await startServer();
  const proxy = await CuttableProxy.start(server.url);
  onEnd(() => proxy.close());
  const page = await pages.newPage();
  await page.evaluate(() => {
    type Transaction = (this: IDBDatabase, ...given: unknown[]) => IDBTransaction;
    const transaction = Reflect.get(IDBDatabase.prototype, 'transaction') as Transaction;
    const opened = new WeakSet<IDBDatabase>();
    const faults = { isBroken: false, refused: 0 };
    Object.assign(globalThis, { faults });
    const breakable: Transaction = function (this: IDBDatabase, ...given) {
      if (!faults.isBroken) opened.add(this);
      else if (opened.has(this)) {
        faults.refused += 1;
        throw new DOMException('Connection to the database server lost', 'UnknownError');
      }
      return transaction.apply(this, given);
    };
    Object.assign(IDBDatabase.prototype, { transaction: breakable });
  });
  await startRecording(page, { serverUrl: proxy.url, sessionId: 'stale' });
  await waitUntilReady(page);
  proxy.cut();
  await recordUndelivered(page, 5000);
  await page.evaluate(() => ((globalThis as unknown as { faults: { isBroken: boolean } }).faults.isBroken = true));
  await recordUndelivered(page, 5000);
  proxy.mend();
  await waitUntilDelivering(page);
  const refused = await page.evaluate(() => (globalThis as unknown as { faults: { refused: number } }).faults.refused);
  if (refused === 0) throw new Error('the broken handle was not used');
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('stale'));
};

/** The device's clock is set back by an hour, then forward by two. Stored times stay correct, and rise. */
export const clockJump: FaultScenario = async ({ pages, startServer }) => {
  const server = await startServer();
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'clock' });
  await waitUntilReady(page);
  for (const jumpMs of [-3_600_000, 7_200_000]) {
    await delay(1500);
    await page.evaluate((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms * 1;
    }, jumpMs);
  }
  await delay(1500);
  const produced = await finishRecording(page);
  const dump = await server.endAndRead('clock');
  const frames = dump.frames.toSorted((a, b) => a.seq - b.seq);
  const rises = frames.every(({ timestamp }, index) => timestamp > (frames[index - 1]?.timestamp ?? 0));
  if (!rises) throw new Error('times did not rise');
  const mostWrongMs = Math.max(...frames.map(({ timestamp, received_at }) => Math.abs(received_at - timestamp)));
  if (mostWrongMs > 10_000) throw new Error(`a time is wrong by ${mostWrongMs} ms`);
  return outcomeOf(produced, dump);
};
