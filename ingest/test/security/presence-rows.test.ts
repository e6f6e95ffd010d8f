import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { tokenOf } from '@invigil/testkit/tokens/tokens';
import { budgetTable } from '../../src/budget/budget-table.ts';
import { LiveClient, socketOf } from '../live-client.ts';
import { ExamFixture } from './exam-fixture.ts';

let exam: ExamFixture;
beforeAll(async () => {
  exam = await ExamFixture.open();
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  await removeFolders();
});

test('a student appears in a classroom under a bounded number of labels, and others still can', async () => {
  await exam.teach(`/${exam.examId}/enrolments`, { students: [{ student_id: 'eve' }, { student_id: 'ada' }] });
  const { limit } = budgetTable.presenceAgents;
  const clients: LiveClient[] = [];
  const enter = async (student: string, label: string): Promise<LiveClient> => {
    const client = await LiveClient.open(`${socketOf(exam.server)}/ws/presence`);
    const token = await tokenOf(student, 'STUDENT');
    client.send({ type: 'connect_request', payload: { agent_label: label, classroom_id: exam.examId, token } });
    clients.push(client);
    return client;
  };
  for (let count = 0; count < limit; count += 1) await (await enter('eve', `label-${count}`)).next('connect_success');
  const refused = await enter('eve', 'one-more');
  await refused.closed;
  expect(refused.messages.map(({ type }) => type)).not.toContain('connect_success');
  await (await enter('ada', 'page')).next('connect_success');
  const agents = await exam.server.ask('GET', `/api/v1/classrooms/${exam.examId}/agents`, undefined, exam.teacher);
  expect(agents.json).toHaveLength(limit + 1);
  for (const client of clients) client.socket.close();
});
