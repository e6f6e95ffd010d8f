import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startReceiver } from '@invigil/testkit/services/webhook-receiver';
import { runSession } from './proctored-session.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

const secret = `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`;
let server: TestServer;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  receiver = await startReceiver(secret);
  server = await startServer({
    AUTH: 'jwt',
    JWT_SECRET: jwtSecret,
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: secret,
  });
});
afterAll(async () => {
  await server.close();
  await receiver.close();
  await removeFolders();
});

test('start, alert, end, report and review are sent to another system, signed, and are in the log', async () => {
  const teacher = bearer(await tokenOf('teacher', 'TEACHER'));
  const admin = bearer(await tokenOf('admin', 'ADMIN'));
  expect((await server.ask('POST', '/api/v1/exams', { exam_id: 'told', title: 'Told' }, teacher)).status).toBe(201);
  const students = { students: [{ student_id: 'ada' }] };
  expect((await server.ask('POST', '/api/v1/exams/told/enrolments', students, teacher)).status).toBe(204);
  for (const step of ['open', 'start']) {
    expect((await server.ask('POST', `/api/v1/exams/told/${step}`, undefined, teacher)).status).toBe(200);
  }
  const { sessionId, observationId } = await runSession(server, 'told', 'ada', await tokenOf('ada', 'STUDENT'));
  const subject = { session_id: sessionId, exam_id: 'told', member_id: 'ada' };

  expect((await receiver.next('session.started')).event.data).toMatchObject(subject);
  const alert = await receiver.next('alert.raised');
  expect(alert.event.data).toMatchObject({ ...subject, observation: { id: observationId, type: 'phone_visible' } });
  expect((await receiver.next('session.ended')).event.data).toMatchObject(subject);
  const report = await receiver.next('report.created');
  // The frames are older than the session: the phone is observed, but they count for neither coverage nor risk.
  expect(report.event.data).toMatchObject({ ...subject, version: 1, observations: 1, risk: 0, coverage: 0 });

  const path = `/api/v1/session/${sessionId}/review`;
  const review = { outcome: 'follow_up', observations: [{ id: observationId, mark: 'confirmed' }] };
  expect((await server.ask('PUT', path, review, teacher)).status).toBe(200);
  expect((await receiver.next('review.recorded')).event.data).toMatchObject({
    ...subject,
    outcome: 'follow_up',
    observations: [{ id: observationId, mark: 'confirmed' }],
  });
  // Ended again: no second notification.
  expect((await server.ask('POST', `/api/v1/session/${sessionId}/end`, undefined, teacher)).status).toBe(204);
  expect(receiver.refused).toEqual([]);

  expect((await server.ask('GET', '/api/v1/webhooks/deliveries', undefined, teacher)).status).toBe(403);
  // A delivery is recorded after the receiver's answer.
  const delivered = async (): Promise<string[]> => {
    const log = await server.ask('GET', '/api/v1/webhooks/deliveries?status=delivered', undefined, admin);
    return log.json.deliveries.map(({ event }: { event: string }) => event).toSorted();
  };
  await expect
    .poll(delivered, { timeout: 15_000 })
    .toEqual(['alert.raised', 'report.created', 'review.recorded', 'session.ended', 'session.started']);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(receiver.received.length);
  const again = `/api/v1/webhooks/deliveries/${report.id}/retry`;
  expect((await server.ask('POST', again, undefined, admin)).status).toBe(202);
  expect((await server.ask('POST', '/api/v1/webhooks/deliveries/msg_none/retry', undefined, admin)).status).toBe(404);
});
