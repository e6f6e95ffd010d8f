import { setTimeout as delay } from 'node:timers/promises';
import { CuttableProxy } from '@invigil/testkit/network/cuttable-proxy';
import { signToken } from '@invigil/testkit/tokens/sign-token';
import { outcomeOf } from './outcome.ts';
import { finishRecording, recordedAtLast, startRecording, waitUntilReady } from './page-recording.ts';
import type { FaultScenario } from './scenario.ts';

export const networkCut: FaultScenario = async ({ pages, startServer, onEnd, isShort }) => {
  const server = await startServer();
  const proxy = await CuttableProxy.start(server.url);
  onEnd(() => proxy.close());
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: proxy.url, sessionId: 'cut' });
  await delay(2000);
  proxy.cut();
  await delay(isShort ? 8000 : 60_000);
  proxy.mend();
  await waitUntilReady(page);
  await delay(2000);
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('cut'));
};

export const serverKilled: FaultScenario = async ({ pages, startServer, isShort }) => {
  const server = await startServer();
  const page = await pages.newPage();
  await startRecording(page, { serverUrl: server.url, sessionId: 'killed' });
  for (let kill = 0; kill < (isShort ? 2 : 5); kill += 1) {
    await delay(1500);
    await server.kill();
    await delay(500);
    await server.restart();
    await waitUntilReady(page);
  }
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead('killed'));
};

export const twoTabs: FaultScenario = async ({ pages, startServer }) => {
  const server = await startServer();
  const first = await pages.newPage();
  const second = await pages.newPage();
  const options = { serverUrl: server.url, sessionId: 'tabs' };
  await startRecording(first, options);
  const refusal = await startRecording(second, options).then(
    () => 'none',
    (error: unknown) => String(error),
  );
  if (!refusal.includes('another tab')) throw new Error(`the second tab was not refused: ${refusal}`);
  await delay(1500);
  const firstFrames = await recordedAtLast(first);
  await first.close();
  // The second tab takes over the first one's stored frames.
  await startRecording(second, options);
  await delay(1500);
  const secondFrames = await finishRecording(second);
  const takenOver = firstFrames.filter(({ seq }) => seq < (secondFrames[0]?.seq ?? Infinity));
  return outcomeOf([...takenOver, ...secondFrames], await server.endAndRead('tabs'));
};

export const tokenExpiry: FaultScenario = async ({ pages, startServer, isShort }) => {
  const secret = 'a secret for fault runs only, long enough';
  const server = await startServer({ AUTH: 'jwt', JWT_SECRET: secret });
  const teacher = signToken(secret, { user_id: 'teacher', role: 'TEACHER', aud: 'invigil' }, 3600);
  const started = await server.request('POST', 'start', teacher, { exam_id: 'exam', member_id: 'student' });
  const { session_id: sessionId } = (await started.json()) as { session_id: string };
  const claims = { sub: 'student', role: 'STUDENT', session_id: sessionId, exam_id: 'exam', aud: 'invigil-session' };
  const page = await pages.newPage();
  await page.exposeFunction('refreshingTokenSource', () => signToken(secret, claims, 4));
  await page.evaluate(
    async ({ serverUrl, id }) => {
      const token = (): Promise<string> =>
        (globalThis as unknown as { refreshingTokenSource: () => Promise<string> }).refreshingTokenSource();
      const options = { serverUrl, sessionId: id, token, batchIntervalMs: 300 };
      globalThis.recording = await globalThis.invigil.recordFrames(options, 10);
    },
    { serverUrl: server.url, id: sessionId },
  );
  await delay(isShort ? 5000 : 12_000);
  const produced = await finishRecording(page);
  return outcomeOf(produced, await server.endAndRead(sessionId, teacher));
};
