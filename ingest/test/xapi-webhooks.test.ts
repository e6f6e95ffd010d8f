import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startReceiver } from '@invigil/testkit/services/webhook-receiver';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { runSession } from './proctored-session.ts';
import { StatementsSchema } from './xapi-statement-schema.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const secret = `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`;
const publicUrl = 'https://proctor.example.edu';
let server: TestServer;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  receiver = await startReceiver(secret);
  server = await startServer({
    AUTH: 'jwt',
    JWT_SECRET: jwtSecret,
    PUBLIC_URL: publicUrl,
    WEBHOOK_URL: receiver.url.replace('http://', 'http://store-key:store%20secret@'),
    WEBHOOK_FORMAT: 'xapi',
    WEBHOOK_SECRET: secret,
  });
});
afterAll(async () => {
  await server.close();
  await receiver.close();
  await removeFolders();
});

const received = () => receiver.received.flatMap(({ event }) => v.parse(StatementsSchema, event));
const verbs = () => received().map(({ verb }) => verb.id.replace(/.*[:/]/, ''));

test('a learning record store receives the start, the end, the observations and the decision of a session', async () => {
  const teacher = bearer(await tokenOf('teacher', 'TEACHER'));
  const exam = {
    exam_id: 'recorded',
    title: 'Recorded',
    students: [{ student_id: 'ada', student_name: 'Ada Lovelace' }],
  };
  expect((await server.ask('POST', '/api/v1/exams', { ...exam, students: undefined }, teacher)).status).toBe(201);
  await server.ask('POST', '/api/v1/exams/recorded/enrolments', { students: exam.students }, teacher);
  for (const step of ['open', 'start']) await server.ask('POST', `/api/v1/exams/recorded/${step}`, undefined, teacher);
  const { sessionId, observationId } = await runSession(server, 'recorded', 'ada', await tokenOf('ada', 'STUDENT'));
  const review = {
    outcome: 'follow_up',
    notes: 'spoke with Eve',
    observations: [{ id: observationId, mark: 'confirmed' }],
  };
  expect((await server.ask('PUT', `/api/v1/session/${sessionId}/review`, review, teacher)).status).toBe(200);

  await waitUntil(() => receiver.received.length === 4, { timeout: 15_000, interval: 10 });
  expect(verbs().toSorted()).toEqual(['initialized', 'observed', 'reviewed', 'terminated']);
  expect(receiver.refused).toEqual([]);
  const all = received();
  const exams = new Set(all.map(({ object }) => object.id));
  expect(exams).toEqual(new Set([`${publicUrl}/api/v1/exams/recorded`]));
  expect(new Set(all.map(({ context }) => context.registration)).size).toBe(1);
  expect(all[0]?.actor).toEqual({ objectType: 'Agent', account: { homePage: publicUrl, name: 'ada' } });
  for (const hidden of ['Lovelace', 'spoke with', 'teacher']) expect(JSON.stringify(all)).not.toContain(hidden);
  for (const { headers } of receiver.received) {
    expect(headers).toMatchObject({ 'x-experience-api-version': '1.0.3', 'content-type': 'application/json' });
    expect(headers.authorization).toBe(`Basic ${Buffer.from('store-key:store secret').toString('base64')}`);
  }
});

test('the log of deliveries names the format, and not the user name and password of the address', async () => {
  const admin = bearer(await tokenOf('admin', 'ADMIN'));
  const log = await server.ask('GET', '/api/v1/webhooks/deliveries', undefined, admin);
  expect(log.json.deliveries.length).toBeGreaterThan(0);
  for (const delivery of log.json.deliveries) expect(delivery).toMatchObject({ format: 'xapi', url: receiver.url });
  expect(log.text).not.toMatch(/store-key|secret/);
});
