import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExamClient } from './exam-client.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { openProctor } from './live-client.ts';
import type { LiveClient } from './live-client.ts';
import { SessionClient, batch } from './session-client.ts';
import { tokenOf } from '@invigil/testkit/tokens/tokens';
import { waitUntil } from '@invigil/testkit/timers/waits';

const silenceMs = 8000;
/** The second server has the shorter timeout, so that the test need not wait long for a disconnect. */
let hasty: TestServer;
let patient: TestServer;
beforeAll(async () => {
  [hasty, patient] = [await startServer({}, { requestSilenceMs: silenceMs }), await startServer()];
});
afterAll(async () => {
  await Promise.all([hasty?.close(), patient?.close()]);
  await removeFolders();
});

const begin = async (server: TestServer, examId: string) => {
  await server.ask('POST', '/api/v1/exams', { exam_id: examId, teachers: ['teacher'] });
  const started = await server.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id: 'ada' });
  const sessionId: string = started.json.session_id;
  return {
    sessionId,
    teacher: await ExamClient.open(server, examId, await tokenOf('teacher', 'TEACHER')),
    post: (message: object) => server.ask('POST', '/api/v1/session/ws/fallback', { session_id: sessionId, ...message }),
    agents: async (): Promise<string[]> =>
      (await server.ask('GET', `/api/v1/classrooms/${examId}/agents`)).json.map(({ id }: { id: string }) => id),
  };
};
const listed = (wall: LiveClient): string[] =>
  wall.messages
    .findLast(({ type }) => type === 'server.update-sentinels')
    .payload.sentinels.map(({ sentinelId }: { sentinelId: string }) => sentinelId);

// The next two mostly wait, and at the same time.
test.concurrent('a student on the HTTP fallback is present everywhere until the requests stop', async () => {
  const { sessionId, teacher, post, agents } = await begin(hasty, 'physics');
  const wall = await openProctor(hasty);
  await post(batch(0, 4));
  expect(await teacher.next('participant_joined')).toMatchObject({ student_id: 'ada', connected_count: 1 });
  const whilePresent = (condition: () => Promise<boolean> | boolean): Promise<unknown> =>
    waitUntil(async () => {
      await post({ type: 'ping' });
      return condition();
    });
  await whilePresent(() => listed(wall).includes(sessionId));
  await whilePresent(async () => (await agents()).includes('session.ada'));

  wall.send({ type: 'proctor.subscribe', payload: { sentinelId: sessionId }, timestamp: 0 });
  await wall.next('server.frame', ({ payload }) => payload.frames[0].index === 4);
  await post(batch(5, 5));
  await wall.next('server.frame', ({ payload }) => payload.frames[0].index === 5);

  expect(await teacher.next('participant_disconnected')).toMatchObject({ student_id: 'ada', connected_count: 0 });
  await waitUntil(() => !listed(wall).includes(sessionId));
  await waitUntil(async () => (await agents()).length === 0);
  wall.socket.close();
  await teacher.close();
});

test.concurrent('requests keep a student present', async () => {
  const { teacher, post } = await begin(hasty, 'chemistry');
  const untilMs = Date.now() + 1.25 * silenceMs;
  while (Date.now() < untilMs) {
    await post({ type: 'ping' });
    await delay(50);
  }
  await teacher.next('participant_joined');
  await teacher.settled();
  expect(teacher.types()).not.toContain('participant_disconnected');
  await teacher.close();
});

test('the last batch of a page disconnects the student at once', async () => {
  const { teacher, post } = await begin(patient, 'farewell');
  await post(batch(0, 1));
  await teacher.next('participant_joined');
  await post({ ...batch(2, 3), leaving: true });
  expect(await teacher.next('participant_disconnected')).toMatchObject({ connected_count: 0 });
  await teacher.close();
});

test('a student with a socket is present as long as the socket is open', async () => {
  const { sessionId, teacher, post } = await begin(patient, 'return');
  await post(batch(0, 1));
  await teacher.next('participant_joined');
  const socket = await new SessionClient(patient, sessionId).opened();
  await socket.settled();
  socket.close();
  await socket.closed;
  expect(await teacher.next('participant_disconnected')).toMatchObject({ connected_count: 0 });
  await teacher.close();
});

test('the end of the session disconnects the student', async () => {
  const { sessionId, teacher, post } = await begin(patient, 'end');
  await post(batch(0, 1));
  await teacher.next('participant_joined');
  await patient.ask('POST', `/api/v1/session/${sessionId}/end`);
  expect(await teacher.next('participant_disconnected')).toMatchObject({ connected_count: 0 });
  await teacher.close();
});
