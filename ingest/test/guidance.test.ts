import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { SessionClient } from './session-client.ts';

let server: TestServer;
const hello = { type: 'hello', client_time_ms: 0 };

const begin = async (examId: string, breaks: boolean): Promise<string> => {
  await server.ask('POST', '/api/v1/exams', { exam_id: examId, policy: { breaks } });
  const { json } = await server.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id: 'ada' });
  return json.session_id;
};
const guide = (sessionId: string, what: string, body: object) =>
  server.ask('POST', `/api/v1/session/${sessionId}/${what}`, body);

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

describe('a proctor’s actions for one student during the session', () => {
  test('sends a message to the page that numbers frames, and repeats it to one that connects later', async () => {
    const sessionId = await begin('spoken', false);
    const documented = await new SessionClient(server, sessionId).opened();
    const page = await new SessionClient(server, sessionId).opened();
    page.send(hello);
    await page.next('welcome');
    const { status, json } = await guide(sessionId, 'messages', { text: ' Five more minutes. ' });
    expect(status).toBe(202);
    const message = { text: 'Five more minutes.', message_id: json.message_id };
    expect(await page.next('proctor_message')).toMatchObject(message);
    page.cut();
    await guide(sessionId, 'messages', { text: 'Are you there?' });
    const again = await new SessionClient(server, sessionId).opened();
    again.send(hello);
    expect(await again.next('proctor_message')).toMatchObject(message);
    expect(await again.next('proctor_message')).toMatchObject({ text: 'Are you there?' });
    await documented.settled();
    expect(documented.messages.map(({ type }) => type)).not.toContain('proctor_message');
    documented.close();
    again.close();
  });

  test('asks for a break if the exam allows it, and tells the page', async () => {
    const sessionId = await begin('with-breaks', true);
    const page = await new SessionClient(server, sessionId).opened();
    page.send(hello);
    expect(await page.next('breaks')).toEqual({ type: 'breaks', allowed: true });
    expect((await guide(sessionId, 'break', { action: 'begin' })).status).toBe(202);
    expect(await page.next('break')).toMatchObject({ action: 'begin' });
    expect((await guide(sessionId, 'break', { action: 'nap' })).status).toBe(400);
    page.close();
  });

  test('refuses a break if the exam does not allow it', async () => {
    const sessionId = await begin('without-breaks', false);
    const { status, json } = await guide(sessionId, 'break', { action: 'begin' });
    expect([status, json.code]).toEqual([409, 'WRONG_STATUS']);
  });

  test('records all of it in the audit under the proctor’s id, and accepts nothing after the end', async () => {
    const sessionId = await begin('audited', true);
    await guide(sessionId, 'flags', { note: 'Somebody came in at half past.' });
    await guide(sessionId, 'break', { action: 'end' });
    await guide(sessionId, 'messages', { text: 'Good luck.' });
    expect((await guide(sessionId, 'messages', { text: '  ' })).status).toBe(400);
    await server.ask('POST', `/api/v1/session/${sessionId}/end`);
    expect((await guide(sessionId, 'flags', { note: 'Too late.' })).status).toBe(409);
    const { json } = await server.ask('GET', `/api/v1/session/${sessionId}/audit`);
    expect(json.audit.filter(({ action }: { action: string }) => !/started|ended/.test(action))).toMatchObject([
      { actor: 'dev', action: 'session.flag', detail: { note: 'Somebody came in at half past.' } },
      { actor: 'dev', action: 'session.break', detail: { action: 'end' } },
      { actor: 'dev', action: 'session.message', detail: { text: 'Good luck.' } },
    ]);
  });

  test('sends a message to all students who have a session, or to the named ones', async () => {
    const sessionId = await begin('whole-class', false);
    const start = { exam_id: 'whole-class', member_id: 'bob' };
    const bob = await server.ask('POST', '/api/v1/session/start', start);
    const page = await new SessionClient(server, sessionId).opened();
    page.send(hello);
    await page.next('welcome');
    const send = (body: object) => server.ask('POST', '/api/v1/exams/whole-class/messages', body);
    expect(await send({ text: 'Ten minutes left.' })).toMatchObject({ status: 202, json: { sessions: 2 } });
    expect(await page.next('proctor_message')).toMatchObject({ text: 'Ten minutes left.' });
    const chosen = await send({ text: 'Bob only.', student_ids: ['bob', 'nobody'] });
    expect(chosen).toMatchObject({ status: 202, json: { sessions: 1 } });
    expect((await send({ text: ' ' })).status).toBe(400);
    const textsOf = async (id: string): Promise<string[]> => {
      const { json } = await server.ask('GET', `/api/v1/session/${id}/audit`);
      return json.audit.flatMap(({ action, detail }: { action: string; detail: { text: string } }) =>
        action === 'session.message' ? [detail.text] : [],
      );
    };
    expect(await textsOf(sessionId)).toEqual(['Ten minutes left.']);
    expect(await textsOf(bob.json.session_id)).toEqual(['Ten minutes left.', 'Bob only.']);
    page.close();
  });
});
