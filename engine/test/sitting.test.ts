import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FeatureFrame } from '@invigil/protocol';
import type { Proctor } from '../src/index.ts';
import { RealServer } from './support/real-server.ts';
import { TestPages } from './support/test-pages.ts';

interface Sitting {
  proctor: Proctor;
  frames: (FeatureFrame & { hidden: boolean })[];
  states: string[];
  errors: string[];
}
declare global {
  var sitting: Sitting;
}

let server: RealServer;
let pages: TestPages;

beforeAll(async () => {
  pages = await TestPages.open();
  server = await RealServer.start({ ALLOWED_ORIGINS: new URL(pages.url).origin });
}, 60_000);

afterAll(async () => {
  await pages?.close();
  await server?.close();
});

describe('a sitting in a real browser with a fake camera', () => {
  test('prepares, checks, records at a steady pace, goes on while hidden, and delivers all', async () => {
    const page = await pages.newPage();
    await page.evaluate(
      ({ serverUrl }) => {
        const proctor = globalThis.invigil.createProctor({
          serverUrl,
          sessionId: 'sitting-1',
          video: document.querySelector('video') as HTMLVideoElement,
        });
        const sitting: Sitting = { proctor, frames: [], states: [], errors: [] };
        proctor.on('frame', (frame) => sitting.frames.push({ ...frame, hidden: document.hidden }));
        proctor.on('state', ({ state }) => sitting.states.push(state));
        proctor.on('error', ({ reason, detail }) => sitting.errors.push(`${reason} ${detail}`));
        globalThis.sitting = sitting;
      },
      { serverUrl: server.url },
    );
    console.log(await page.evaluate(async () => {
      const from = performance.now();
      await globalThis.sitting.proctor.start().catch((e) => console.log(String(e)));
      return [performance.now() - from, globalThis.sitting.proctor.state, globalThis.sitting.errors];
    }));
    await delay(8000);
    console.log(await page.evaluate(() => [globalThis.sitting.frames.length, globalThis.sitting.frames.at(-1), globalThis.sitting.proctor.delivery, globalThis.sitting.errors]));
    console.log(await page.evaluate(() => globalThis.sitting.proctor.stop()));
    console.log((await server.endAndDump('sitting-1')).length);
  }, 120_000);
});
