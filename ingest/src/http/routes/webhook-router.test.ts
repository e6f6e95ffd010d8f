import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { startReceiver } from '@invigil/testkit/services/webhook-receiver';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer } from '../../../test/exam-server.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

const secret = `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let exams: ExamServer;
beforeAll(async () => {
  receiver = await startReceiver(secret);
  exams = await startExamServer({ WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: secret });
});
afterAll(async () => {
  await exams.close();
  await receiver.close();
  await removeFolders();
});
beforeEach(() => {
  receiver.state.answer = 204;
});

interface Delivery {
  id: string;
  event: string;
  session_id: string;
  status: string;
  attempts: number;
  [key: string]: unknown;
}

const list = async (query = ''): Promise<Delivery[]> =>
  (await exams.ask('root', 'GET', `/webhooks/deliveries${query}`)).json.deliveries;
const retry = (id: string) => exams.ask('root', 'POST', `/webhooks/deliveries/${id}/retry`);
/** Starts and ends a session, which triggers three events, and waits until all have one of the statuses. */
const told = async (status: 'delivered' | 'failed'): Promise<{ sessionId: string; own: Delivery[] }> => {
  const examId = await exams.createExam();
  const { json } = await exams.ask('tina', 'POST', '/session/start', { exam_id: examId, member_id: 'ada' });
  await exams.ask('tina', 'POST', `/session/${json.session_id}/end`);
  const own = await waitFor(async () => {
    const found = (await list(`?status=${status}`)).filter(({ session_id: id }) => id === json.session_id);
    expect(found).toHaveLength(3);
    return found;
  }, 10_000);
  return { sessionId: json.session_id, own };
};

test('lists deliveries newest first, with their status and without their content', async () => {
  const first = await told('delivered');
  const second = await told('delivered');
  const listed = await list();
  expect(new Set(listed.slice(0, 3).map(({ session_id: id }) => id))).toEqual(new Set([second.sessionId]));
  expect(listed.map(({ session_id: id }) => id)).toContain(first.sessionId);
  expect(second.own.map(({ event }) => event).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'report.created',
    'session.ended',
    'session.started',
  ]);
  expect(second.own[0]).toMatchObject({
    status: 'delivered',
    attempts: 1,
    last_status: 204,
    last_error: null,
    next_attempt_at: null,
    delivered_at: expect.any(String),
  });
  expect(second.own[0]).not.toHaveProperty('body');
});

test('lists the deliveries of one status', async () => {
  receiver.state.answer = 410;
  const { own } = await told('failed');
  expect((await list('?status=failed')).every(({ status }) => status === 'failed')).toBe(true);
  const delivered = (await list('?status=delivered')).map(({ id }) => id);
  expect(own.filter(({ id }) => delivered.includes(id))).toEqual([]);
  expect(await list('?status=pending')).toEqual([]);
});

test('sends a failed delivery again when an admin asks for it', async () => {
  receiver.state.answer = 410;
  const { own } = await told('failed');
  receiver.state.answer = 204;
  const [delivery] = own;
  expect((await retry(delivery!.id)).status).toBe(202);
  await waitFor(async () => {
    const again = (await list()).find(({ id }) => id === delivery!.id);
    expect(again).toMatchObject({ status: 'delivered', attempts: 1, last_status: 204 });
  }, 5000);
  expect(receiver.received.filter(({ id }) => id === delivery!.id)).toHaveLength(2);
});

test.each(['unknown', 'a%20b', '%00'])('answers 404 to a retry of %s', async (id) => {
  expect(await retry(id)).toMatchObject(problem(404, 'NOT_FOUND', 'there is no delivery with this id'));
});

test.each(['?status=lost', '?status=', '?status=failed&status=pending'])(
  'refuses %s and names the statuses',
  async (query) => {
    expect(await exams.ask('root', 'GET', `/webhooks/deliveries${query}`)).toMatchObject(
      problem(400, 'INVALID_MESSAGE', 'must be one of pending, delivered, failed', 'status'),
    );
  },
);

test('is for admins alone', async () => {
  const { own } = await told('delivered');
  for (const who of ['tina', 'ada'] as const) {
    expect((await exams.ask(who, 'GET', '/webhooks/deliveries')).status).toBe(403);
    expect((await exams.ask(who, 'POST', `/webhooks/deliveries/${own[0]!.id}/retry`)).status).toBe(403);
  }
  expect((await exams.ask('nobody', 'GET', '/webhooks/deliveries')).status).toBe(401);
});
