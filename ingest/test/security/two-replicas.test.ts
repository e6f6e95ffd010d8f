import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import type { Report } from '@invigil/protocol/report';
import { budgetTable } from '../../src/budget/budget-table.ts';
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

/** Sends the requests to both replicas in turn, a few at a time. @returns how many had each status */
const flood = async (tokens: readonly string[], path: string, bodies: readonly object[]) => {
  const counts: Record<number, number> = {};
  const left = [...bodies.entries()];
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, body] = next;
      const { status } = await replicas[at % 2]!.ask('POST', path, body, bearer(tokens[(at >> 1) % tokens.length]!));
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return counts;
};

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

test('a student who sends to both at once: characters and rows beyond the limits are refused, whichever replica is asked', async () => {
  const student = await exam.student('bob');
  const tokens = [student.token, await tokenOf('bob', 'STUDENT')];
  const { studentRequests, answerCharacters, highlightCharacters } = budgetTable;
  const asks = Array.from({ length: studentRequests.limit + 20 }, () => ({ kind: 'help', text: 'please' }));
  expect(await flood(tokens, '/api/v1/exams/physics/requests', asks)).toEqual({ 201: studentRequests.limit, 429: 20 });
  const length = 20_000;
  const answers = Array.from({ length: answerCharacters.limit / length + 5 }, (_, at) => ({
    question_id: `q${at}`,
    question_number: at + 1,
    answer: 'a'.repeat(length),
  }));
  const answered = await flood(tokens, '/api/v1/exams/physics/answers', answers);
  expect(answered).toEqual({ 201: answerCharacters.limit / length, 429: 5 });
  const highlights = Array.from({ length: highlightCharacters.limit / 2500 + 5 }, (_, at) => ({
    passage_id: 'p',
    text: `${at} ${'h'.repeat(2497 - String(at).length)}`,
  }));
  const highlighted = await flood(tokens, '/api/v1/exams/physics/highlights', highlights);
  expect(highlighted[429]).toBeGreaterThanOrEqual(5);
});

test('starts at both replicas at once lead to the same session, and sessions beyond the limit are refused by both', async () => {
  const cleo = { exam_id: 'physics', member_id: 'cleo' };
  const { sessionId } = await exam.student('cleo');
  const token = await tokenOf('cleo', 'STUDENT');
  const start = (at: number) => replicas[at % 2]!.ask('POST', '/api/v1/session/start', cleo, bearer(token));
  const simultaneous = await Promise.all(Array.from({ length: 20 }, (_, at) => start(at)));
  expect(new Set(simultaneous.map(({ json }) => json.session_id))).toEqual(new Set([sessionId]));
  const { limit } = budgetTable.sessions;
  const started = new Set<string>();
  for (let at = 0; at < limit; at += 1) {
    const { session_id: id } = (await start(at)).json as { session_id: string };
    started.add(id);
    const ended = await replicas[(at + 1) % 2]!.ask('POST', `/api/v1/session/${id}/end`, undefined, bearer(token));
    expect(ended.status).toBe(204);
  }
  expect(started.size).toBe(limit);
  expect([(await start(0)).status, (await start(1)).status]).toEqual([429, 429]);
});
