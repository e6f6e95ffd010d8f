import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  AgentSessionRecords,
  AttendanceRecords,
  ExamRecords,
  RecordsDatabase,
  SessionRecords,
} from '@invigil/ingest/testing';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { freePort } from '@invigil/testkit/services/free-port';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { startBalancer } from './balancer.ts';
import { ExamWatch, outOfTurn } from './exam-watch.ts';
import { ProctorClient } from './proctor-client.ts';
import { PublishedMoves } from './published-moves.ts';
import { ReplicaProcess } from './replica-process.ts';
import { StudentClient } from './student-client.ts';
import { StudentPage } from './student-page.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

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
/** Restarted in turn, behind the balancer. */
let replicas: ReplicaProcess[];
/** Stays, so that its clients miss nothing. */
let staying: ReplicaProcess;
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
  staying = new ReplicaProcess(await freePort(), { ...environment, WORKERS: '1' }, folder);
  await staying.start();
  await Promise.all(replicas.map((replica) => replica.start()));
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
  await Promise.all([...(replicas ?? []), staying].map((replica) => replica?.stop()));
  await database?.close();
  await redis?.stop();
  await postgres?.remove();
  await removeFolders();
});

const ask = async (path: string, token: string, body?: object, at = origin): Promise<Response> => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return fetch(at + path, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
};

const all = (clients: readonly { connected: boolean }[]) =>
  waitUntil(() => clients.every(({ connected }) => connected), { timeout: 30_000, interval: 50 });

const socketsOf = (url: string): string => url.replace('http', 'ws');

/** Closes the client when the test ends, also if it fails. */
const closing = <T extends { close(): unknown }>(client: T): T => {
  onTestFinished(async () => {
    await client.close();
  });
  return client;
};

/** Rows of replicas that no longer run. */
const leftBehind = async (): Promise<unknown[]> => [
  ...(await new AgentSessionRecords(database).orphans(1000)),
  ...(await new AttendanceRecords(database).orphans()),
];

const openProctors = async (): Promise<ProctorClient[]> => {
  const proctors: ProctorClient[] = [];
  for (const teacher of teachers) {
    const token = await tokenOf(teacher, 'TEACHER');
    proctors.push(closing(new ProctorClient(`${socketsOf(origin)}/ws/alerts/${teacher}?token=${token}`)));
  }
  return proctors;
};

/** Students, every second of whom has an exam page too. */
const seatStudents = async (office: string) => {
  const [students, pages]: [StudentClient[], StudentPage[]] = [[], []];
  for (let index = 0; index < studentCount; index++) {
    const studentId = `student-${index}`;
    const answer = await ask('/api/v1/session/start', office, { exam_id: 'physics', member_id: studentId });
    const session = (await answer.json()) as { session_id: string; token: string };
    students.push(closing(await StudentClient.sit(origin, session)));
    if (index % 2 === 1) continue;
    const token = await tokenOf(studentId, 'STUDENT');
    pages.push(closing(new StudentPage({ origin: socketsOf(origin), examId: 'physics', token })));
  }
  return { students, pages };
};

test(`two replicas restarted in turn under ${studentCount} students and ${proctorCount} proctors lose no frame, no alert and no event, and repeat none`, async () => {
  const office = await tokenOf('office', 'ADMIN');
  const moves = closing(await PublishedMoves.follow(redis.url, 'physics'));
  const stayingOrigin = `http://127.0.0.1:${staying.port}`;
  const teacher = await tokenOf(teachers[0]!, 'TEACHER');
  const watch = closing(new ExamWatch(socketsOf(stayingOrigin), 'physics', teacher));
  await all([watch]);
  expect((await ask('/api/v1/exams/physics/open', office)).status).toBe(200);
  const proctors = await openProctors();
  const { students, pages } = await seatStudents(office);
  const clients = [...students, ...pages, ...proctors];
  await all(clients);
  const beganMs = Date.now() + 1000;
  for (const [index, student] of students.entries()) {
    student.showPhone(beganMs + (index / studentCount) * phonesOverMs);
  }

  for (const [index, replica] of replicas.entries()) {
    const stopping = replica.stop();
    // The exam starts while connections move.
    const other = `http://127.0.0.1:${replicas[1]!.port}`;
    const started = index === 0 ? await ask('/api/v1/exams/physics/start', office, undefined, other) : null;
    expect(started?.status ?? 200).toBe(200);
    expect(await stopping).toBe(0);
    expect(await leftBehind()).toEqual([]);
    await replica.start();
    await all(clients);
    // A page that was moving when the exam started reads the state instead.
    await expect.poll(() => pages.every(({ sawStart }) => sawStart)).toBe(true);
  }
  await waitUntil(() => Date.now() > beganMs + phonesOverMs + 4000, { timeout: 60_000 });
  for (const student of students) student.stopRecording();
  await waitUntil(() => students.every(({ waiting }) => waiting === 0), { timeout: 30_000 });

  const absencesMs = [...students, ...proctors].flatMap((client) => client.absencesMs);
  expect(absencesMs.length).toBeGreaterThanOrEqual(studentCount + proctorCount);
  expect(Math.max(...absencesMs)).toBeLessThan(backWithinMs);

  const sessionIds = students.map(({ sessionId }) => sessionId).toSorted();
  for (const proctor of proctors) {
    await waitUntil(() => new Set(proctor.alerts.values()).size >= studentCount, { timeout: 15_000 });
    expect([...new Set(proctor.alerts.values())].toSorted()).toEqual(sessionIds);
    // One phone each: one alert id each, even if it arrives several times.
    expect(proctor.alerts.size).toBe(studentCount);
  }

  const participants = (isIn: boolean) =>
    outOfTurn(watch.participants, 'participant_joined', 'participant_disconnected', isIn);
  const agents = (isIn: boolean) => outOfTurn(watch.agents, 'agent.enter', 'agent.leave', isIn);
  await expect.poll(() => participants(true)).toEqual({});
  await expect.poll(() => agents(true)).toEqual({});

  // Ends the sessions and closes the students' connections.
  expect((await ask('/api/v1/exams/physics/complete', office)).status).toBe(200);
  const sessions = new SessionRecords(database);
  const isEnded = async (sessionId: string) => (await sessions.find(sessionId))?.status === 'ended';
  await waitUntil(async () => (await Promise.all(sessionIds.map(isEnded))).every(Boolean), { timeout: 60_000 });
  for (const { sessionId, recorded, lost } of students) {
    expect(lost).toBe(0);
    const dump = JSON.parse(await readFile(join(folder, 'dumps', `${sessionId}_frames.json`), 'utf8')) as {
      frames: { seq: number }[];
    };
    expect(dump.frames.map(({ seq }) => seq)).toEqual(Array.from({ length: recorded }, (_, seq) => seq));
  }

  await expect.poll(() => participants(false)).toEqual({});
  await expect.poll(() => agents(false)).toEqual({});
  expect([watch.participants.size, watch.agents.size]).toEqual([studentCount, studentCount + pages.length]);
  expect(watch.steps).toEqual(['WAITING', 'session_started', 'IN_PROGRESS', 'session_completed', 'COMPLETED']);
  expect(watch.isComplete).toBe(true);
  await expect.poll(() => moves.problems(database)).toEqual({ missing: [], repeated: [] });
  for (const page of pages) {
    expect(page.count('session_started')).toBeLessThanOrEqual(1);
    expect(page.count('session_completed')).toBe(1);
  }

  console.log(
    `rolling restart: ${absencesMs.length} absences, longest ${Math.max(...absencesMs)} ms; ` +
      `${students.reduce((sum, { recorded }) => sum + recorded, 0)} frames, ${studentCount} alerts, ` +
      `${moves.events.length} arrivals and departures`,
  );
}, 240_000);
