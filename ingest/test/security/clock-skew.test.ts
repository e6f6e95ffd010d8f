import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { bearer, jwtSecret } from '@invigil/testkit/tokens/tokens';
import type { Report } from '@invigil/protocol/report';
import { ExamFixture, fakeClock, phone, stretch } from './exam-fixture.ts';

/** Two replicas whose clocks differ by a minute, behind a balancer that sends each request to the other one. */
const skewMs = 60_000;
const clock = fakeClock();
let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: PostgresService;
let replicas: TestServer[];
let exam: ExamFixture;
beforeAll(async () => {
  redis = await startRedis();
  postgres = await startPostgres();
  const settings = { AUTH: 'jwt', JWT_SECRET: jwtSecret, REDIS_URL: redis.url, DATABASE_URL: postgres.url };
  replicas = [];
  for (const aheadMs of [0, skewMs]) {
    replicas.push(
      await startServer(
        settings,
        {},
        undefined,
        clockOf(() => clock.now() + aheadMs),
      ),
    );
  }
  exam = await ExamFixture.open({}, { server: replicas[0]! });
}, 60_000);
afterAll(async () => {
  for (const replica of replicas) await replica.close();
  await postgres.remove();
  await redis.stop();
  await removeFolders();
});

test('no frame is lost, nothing is observed longer than it lasted, and the phone stays', async () => {
  const student = await exam.student('ada');
  const startMs = clock.now();
  for (let part = 0; part < 8; part += 1) {
    const frames = stretch(part * 25, clock.now(), 25, part === 2 || part === 3 ? phone : {});
    const body = { session_id: student.sessionId, type: 'batch', frames };
    const answer = await replicas[part % 2]!.ask('POST', '/api/v1/session/ws/fallback', body, bearer(student.token));
    expect(answer.json.messages.at(-1)).toMatchObject({ type: 'ack', up_to_seq: part * 25 + 24 });
    clock.advance(5000);
  }
  const end = `/api/v1/session/${student.sessionId}/end`;
  expect((await replicas[1]!.ask('POST', end, undefined, bearer(student.token))).status).toBe(204);
  const path = `/api/v1/session/${student.sessionId}/report`;
  const report = (await replicas[0]!.ask('GET', path, undefined, exam.teacher)).json as Report;
  const elapsedS = (clock.now() - startMs + skewMs) / 1000;
  expect(report.integrity.frames).toBe(200);
  expect(report.coverage!.observed_s).toBeLessThanOrEqual(40);
  expect(report.coverage!.duration_s).toBeLessThanOrEqual(elapsedS);
  expect(report.observations.map(({ type }) => type)).toContain('phone_visible');
});
