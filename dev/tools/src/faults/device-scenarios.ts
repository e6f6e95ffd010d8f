import { setTimeout as delay } from 'node:timers/promises';
import { outcomeOf } from './outcome.ts';
import type { ProducedFrame } from './outcome.ts';
import { finishRecording, framesOfLives, recordedAtLast, reload, startRecording } from './page-recording.ts';
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

/** The device's clock is set back by an hour, then forward by two. Stored times stay correct, and rise. */
export const clockJump: FaultScenario = async ({ pages, startServer }) => {
  const server = await startServer();
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'clock' });
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
