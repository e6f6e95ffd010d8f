import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestPage } from '@invigil/testkit/browser/page/main';
import { RealServer } from '@invigil/testkit/server/real-server';
import { signToken } from '@invigil/testkit/tokens/sign-token';
import { startSocketlessProxy } from '@invigil/testkit/network/socketless-proxy';
import { TestPages } from '@invigil/testkit/browser/test-pages';

declare global {
  var recording: Awaited<ReturnType<TestPage['recordFrames']>>;
  var refreshingTokenSource: () => Promise<string>;
}

const secret = 'a secret for this test only, long enough';
let pages: TestPages;

beforeAll(async () => {
  pages = await TestPages.open();
}, 60_000);

afterAll(() => pages?.close());

const withServer = async (
  environment: NodeJS.ProcessEnv,
  use: (server: RealServer) => Promise<void>,
): Promise<void> => {
  const server = await RealServer.start({ ALLOWED_ORIGINS: new URL(pages.url).origin, ...environment });
  try {
    await use(server);
  } finally {
    await server.close();
  }
};

const identity = ({ seq, timestamp }: { seq: number; timestamp: number }) => ({ seq, timestamp });

const stopRecording = async () => {
  globalThis.recording.stopRecording();
  const result = await globalThis.recording.delivery.drain(10_000, Date.now());
  const { recorded, errors, states } = globalThis.recording;
  return { result, recorded, errors, states };
};

describe('delivery with restricted access', () => {
  test('uses HTTP requests where WebSockets are blocked', async () => {
    await withServer({}, async (server) => {
      const page = await pages.newPage();
      const proxy = await startSocketlessProxy(server.url);
      await page.evaluate(async (serverUrl) => {
        const options = { serverUrl, sessionId: 'blocked', batchIntervalMs: 300 };
        globalThis.recording = await globalThis.invigil.recordFrames(options, 10);
      }, proxy.url);
      await page.waitForFunction(() => (globalThis.recording.delivery.state.ackedSeq ?? -1) > 20, null, {
        timeout: 30_000,
      });
      expect(await page.evaluate(() => globalThis.recording.delivery.state)).toMatchObject({
        state: 'ready',
        transport: 'http',
      });
      const { result, recorded } = await page.evaluate(stopRecording);
      expect(result).toMatchObject({ waiting: 0, lost: 0 });
      expect((await server.endAndDump('blocked')).map(identity)).toEqual(recorded.map(identity));
      proxy.close();
      await page.close();
    });
  }, 90_000);

  test('requests a new token before each one expires, without losing frames', async () => {
    await withServer({ AUTH: 'jwt', JWT_SECRET: secret }, async (server) => {
      const teacher = signToken(secret, { user_id: 'teacher', role: 'TEACHER', aud: 'invigil' }, 3600);
      const started = await server.request('POST', 'start', teacher, { exam_id: 'exam', member_id: 'student' });
      const { session_id: sessionId } = (await started.json()) as { session_id: string };
      const claims = {
        sub: 'student',
        role: 'STUDENT',
        session_id: sessionId,
        exam_id: 'exam',
        aud: 'invigil-session',
      };
      let asked = 0;
      const page = await pages.newPage();
      await page.exposeFunction('refreshingTokenSource', () => {
        asked += 1;
        return signToken(secret, claims, 8);
      });
      await page.evaluate(
        async ({ serverUrl, id }) => {
          const token = (): Promise<string> => globalThis.refreshingTokenSource();
          const options = { serverUrl, sessionId: id, token, batchIntervalMs: 300 };
          globalThis.recording = await globalThis.invigil.recordFrames(options, 10);
        },
        { serverUrl: server.url, id: sessionId },
      );
      await expect.poll(() => asked, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
      const { result, recorded, errors, states } = await page.evaluate(stopRecording);
      expect(states.map(({ state }) => state)).not.toContain('waiting');
      expect(errors).toEqual([]);
      expect(result).toMatchObject({ waiting: 0, lost: 0 });
      expect((await server.endAndDump(sessionId, teacher)).map(identity)).toEqual(recorded.map(identity));
      await page.close();
    });
  }, 90_000);

  test('a token for another session is refused, and the frames stay on the device', async () => {
    await withServer({ AUTH: 'jwt', JWT_SECRET: secret }, async (server) => {
      const teacher = signToken(secret, { user_id: 'teacher', role: 'TEACHER', aud: 'invigil' }, 3600);
      const started = await server.request('POST', 'start', teacher, { exam_id: 'exam', member_id: 'student' });
      const { session_id: sessionId } = (await started.json()) as { session_id: string };
      const claims = { sub: 'student', role: 'STUDENT', session_id: 'other', exam_id: 'exam', aud: 'invigil-session' };
      const page = await pages.newPage();
      await page.evaluate(
        async ({ serverUrl, id, token }) => {
          const options = { serverUrl, sessionId: id, token, batchIntervalMs: 300 };
          globalThis.recording = await globalThis.invigil.recordFrames(options, 10);
        },
        { serverUrl: server.url, id: sessionId, token: signToken(secret, claims, 600) },
      );
      await page.waitForFunction(() => globalThis.recording.delivery.state.state === 'ended', null, {
        timeout: 30_000,
      });
      expect(await page.evaluate(() => globalThis.recording.delivery.state)).toMatchObject({ reason: 'refused' });
      const { result, recorded } = await page.evaluate(stopRecording);
      expect(result).toEqual({ delivered: 0, waiting: recorded.length, lost: 0, chain: null });
      await page.close();
    });
  }, 90_000);
});
