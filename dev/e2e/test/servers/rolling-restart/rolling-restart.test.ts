import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ExamRecords, RecordsDatabase } from '@invigil/ingest/testing';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { freePort } from '@invigil/testkit/services/free-port';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { startBalancer } from './balancer.ts';
import { ProctorClient } from './proctor-client.ts';
import { ReplicaProcess } from './replica-process.ts';
import { StudentClient } from './student-client.ts';

/** `ROLLING_RESTART=full` runs with as many students as a whole school year, and two workers on each of the two machines. */
const isFull = process.env['ROLLING_RESTART'] === 'full';
const [studentCount, proctorCount] = isFull ? [200, 5] : [20, 2];
const backWithinMs = 15_000;
/** Phones are shown throughout, so that some are visible while a replica stops. */
const phonesOverMs = 12_000;
const secret = 'a secret of more than thirty-two characters';

const tokenOf = (userId: string, role: string): Promise<string> =>
  new SignJWT({ user_id: userId, role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setAudience('invigil')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: PostgresService;
let folder: string;
let replicas: ReplicaProcess[];
let balancer: Awaited<ReturnType<typeof startBalancer>>;
let origin: string;
let database: RecordsDatabase;
const teachers = Array.from({ length: proctorCount }, (_, index) => `teacher-${index}`);

beforeAll(async () => {
  [redis, postgres, folder] = [await startRedis(), await startPostgres(), await makeFolder()];
  const environment = {
    AUTH: 'jwt',
    JWT_SECRET: secret,
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    DUMP_DIR: join(folder, 'dumps'),
    DATA_DIR: join(folder, 'data'),
    WORKERS: isFull ? '2' : '1',
  };
  replicas = [];
  for (let index = 0; index < 2; index++) replicas.push(new ReplicaProcess(await freePort(), environment, folder));
  for (const replica of replicas) await replica.start();
  balancer = await startBalancer(replicas.map(({ port }) => port));
  origin = `http://127.0.0.1:${balancer.port}`;
  database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
  await new ExamRecords(database).create({
    examId: 'physics',
    title: null,
    // No teacher leads the exam, so every teacher is notified at once.
    createdBy: 'office',
    scheduledAt: null,
    durationMinutes: null,
    totalQuestions: null,
    policy: v.parse(ExamPolicySchema, {}),
    pin: '042017',
    teachers,
    createdAt: new Date().toISOString(),
  });
}, 120_000);
afterAll(async () => {
  balancer?.close();
  for (const replica of replicas ?? []) await replica.stop();
  await database?.close();
  await redis?.stop();
  await postgres?.remove();
  await removeFolders();
});

const ask = async (path: string, token: string, body?: object): Promise<Response> => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return fetch(origin + path, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
};

const all = (clients: readonly { connected: boolean }[]) =>
  vi.waitUntil(() => clients.every(({ connected }) => connected), { timeout: 30_000, interval: 50 });

test(`two replicas restarted in turn under ${studentCount} students and ${proctorCount} proctors lose no frame and no alert`, async () => {
  const office = await tokenOf('office', 'ADMIN');
  const students: StudentClient[] = [];
  const proctors: ProctorClient[] = [];
  for (const teacher of teachers) {
    const token = await tokenOf(teacher, 'TEACHER');
    proctors.push(new ProctorClient(`${origin.replace('http', 'ws')}/ws/alerts/${teacher}?token=${token}`));
  }
  const beganMs = Date.now() + 2000;
  for (let index = 0; index < studentCount; index++) {
    const answer = await ask('/api/v1/session/start', office, { exam_id: 'physics', member_id: `student-${index}` });
    const session = (await answer.json()) as { session_id: string; token: string };
    students.push(await StudentClient.sit(origin, session, beganMs + (index / studentCount) * phonesOverMs));
  }
  await all([...students, ...proctors]);

  for (const replica of replicas) {
    expect(await replica.stop()).toBe(0);
    await replica.start();
    await all([...students, ...proctors]);
  }
  await vi.waitUntil(() => Date.now() > beganMs + phonesOverMs + 4000, { timeout: 60_000 });
  for (const student of students) student.stopRecording();
  await vi.waitUntil(() => students.every(({ waiting }) => waiting === 0), { timeout: 30_000 });

  const absencesMs = [...students, ...proctors].flatMap((client) => client.absencesMs);
  expect(absencesMs.length).toBeGreaterThanOrEqual(studentCount + proctorCount);
  expect(Math.max(...absencesMs)).toBeLessThan(backWithinMs);

  const sessionIds = students.map(({ sessionId }) => sessionId).toSorted();
  for (const proctor of proctors) {
    await vi.waitUntil(() => new Set(proctor.alerts.values()).size >= studentCount, { timeout: 15_000 });
    expect([...new Set(proctor.alerts.values())].toSorted()).toEqual(sessionIds);
    // One phone each: one alert id each, even if it arrives several times.
    expect(proctor.alerts.size).toBe(studentCount);
  }

  for (const student of students) {
    const { sessionId, recorded, lost } = student;
    student.close();
    expect(lost).toBe(0);
    expect((await ask(`/api/v1/session/${sessionId}/end`, office)).status).toBe(204);
    const dump = JSON.parse(await readFile(join(folder, 'dumps', `${sessionId}_frames.json`), 'utf8')) as {
      frames: { seq: number }[];
    };
    expect(dump.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: recorded }, (_, seq) => seq));
  }
  for (const proctor of proctors) proctor.close();
  console.log(
    `rolling restart: ${absencesMs.length} absences, longest ${Math.max(...absencesMs)} ms; ` +
      `${students.reduce((sum, { recorded }) => sum + recorded, 0)} frames, ${studentCount} alerts`,
  );
}, 240_000);
