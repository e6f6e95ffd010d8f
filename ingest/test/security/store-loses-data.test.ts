import { join } from 'node:path';
import Database from 'libsql';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { ExamFixture, stretch } from './exam-fixture.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let exam: ExamFixture;
beforeAll(async () => {
  redis = await startRedis();
  exam = await ExamFixture.open({}, { environment: { REDIS_URL: redis.url } });
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  await redis.stop();
  await removeFolders();
});

/** What the records keep of a session's frames. */
const recordedFrames = (sessionId: string): number => {
  const db = new Database(join(exam.server.dataDir, 'records.db'), { readonly: true });
  const row = db.prepare('select frames_stored from sessions where session_id = ?').get(sessionId);
  db.close();
  return Number((row as { frames_stored: number | null }).frames_stored ?? 0);
};

test('a report states the frames that the store lost, instead of passing for a clean one', async () => {
  const student = await exam.student('ada');
  await student.frames(stretch(0, Date.now() - 30_000, 120));
  await expect.poll(() => recordedFrames(student.sessionId), { timeout: 15_000 }).toBe(120);
  const client = await createClient({ url: redis.url }).connect();
  await client.flushAll();
  await client.close();
  // Frames that arrive afterwards do not hide the loss.
  await student.frames(stretch(120, Date.now() - 2000, 10));
  const report = await student.finalReport();
  expect(report.integrity.store_lost).toEqual({ frames: 120 });
  expect(report.coverage!.observed_s).toBeLessThanOrEqual(report.coverage!.duration_s);
});
