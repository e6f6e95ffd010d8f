import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { AgentSessionRecords } from '../../records/agent-session-records.ts';
import { RecordsDatabase } from '../../records/records-database.ts';
import { ReplicaRecords } from '../../records/replica-records.ts';

const startedAt = '2099-01-05T09:00:00.000Z';
let exams: ExamServer;
/** Five agents are in it. */
let examId: string;
let empty: string;
beforeAll(async () => {
  exams = await startExamServer();
  examId = await exams.createExam();
  empty = await exams.createExam();
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(exams.server.dataDir, 'records.db') });
  await new ReplicaRecords(database).beat('another-replica', startedAt);
  for (const agent of ['a', 'b', 'c', 'd', 'e']) {
    await new AgentSessionRecords(database).enter({
      classroomId: examId,
      agentId: `tab.${agent}`,
      replicaId: 'another-replica',
      startedAt,
    });
  }
  await database.close();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const list = (who: Person, query = '', classroom = examId) =>
  exams.ask(who, 'GET', `/classrooms/${classroom}/agents${query}`);
const count = (who: Person, body: unknown) => exams.ask(who, 'POST', '/counters/agent', body);

describe('listing a classroom’s agents', () => {
  test('pages through all of them by their sequence ids, each once', async () => {
    const seen: string[] = [];
    let after = 0;
    for (let pages = 0; pages < 10; pages += 1) {
      const { json } = await list('tina', `?limit=2&sequence_id=${after}`);
      if (json.length === 0) break;
      seen.push(...json.map(({ id }: { id: string }) => id));
      after = json.at(-1).sequence_id;
    }
    expect(seen).toEqual(['tab.a', 'tab.b', 'tab.c', 'tab.d', 'tab.e']);
  });

  test('returns a list of ids with nothing else about anybody', async () => {
    const { status, json } = await list('ada');
    expect(status).toBe(200);
    expect(json).toHaveLength(5);
    expect(json[0]).toEqual({ id: 'tab.a', sequence_id: expect.any(Number) });
  });

  test('is empty for an empty classroom, and after the last page', async () => {
    expect((await list('tina', '', empty)).json).toEqual([]);
    expect((await list('tina', '?sequence_id=2147483647')).json).toEqual([]);
  });

  test.each([
    'limit=0',
    'limit=1001',
    'limit=ten',
    'limit=-1',
    'limit=1e2',
    'sequence_id=2147483648',
    'sequence_id=%20',
  ])('refuses %s and names the field', async (query) => {
    const [field] = query.split('=');
    expect(await list('tina', `?${query}`)).toMatchObject(
      problem(
        400,
        'INVALID_MESSAGE',
        `${field} must be a whole number: limit is 1–1000, sequence_id at most 2147483647`,
        field,
      ),
    );
  });

  test.each(['limit=1&limit=2', 'limit[a]=1'])('refuses the parameter %s, which is no single value', async (query) => {
    expect((await list('tina', `?${query}`)).status).toBeLessThan(500);
  });

  test('is for those who belong to the exam', async () => {
    expect((await list('tom')).status).toBe(403);
    expect((await list('nobody')).status).toBe(401);
    expect((await list('root')).status).toBe(200);
    expect((await list('root', '', 'a%20b')).status).toBe(400);
  });
});

describe('counting agents', () => {
  test('counts each classroom, including empty ones, and a repeated one once', async () => {
    expect((await count('tina', { classroom_ids: [examId, empty, examId] })).json).toEqual({ [examId]: 5, [empty]: 0 });
    expect((await count('tina', { classroom_ids: [] })).json).toEqual({});
  });

  test('is refused as a whole if one of the classrooms is not the caller’s', async () => {
    const foreign = 'toms-exam';
    await exams.ask('tom', 'POST', '/exams', { exam_id: foreign });
    expect(await count('tina', { classroom_ids: [examId, foreign] })).toMatchObject(
      problem(403, 'ACCESS_DENIED', /does not allow/),
    );
  });

  test.each([
    [{}, /^is required/, 'classroom_ids'],
    [{ classroom_ids: 'exam-1' }, /Expected Array/, 'classroom_ids'],
    [{ classroom_ids: ['a b'] }, /an identifier may contain only/, 'classroom_ids.0'],
    [{ classroom_ids: Array.from({ length: 101 }, (_, at) => `c${at}`) }, /Expected <=100/, 'classroom_ids'],
    [[], 'the body must be a JSON object', undefined],
  ])('refuses a body that is no list of ids (%#)', async (body, detail, field) => {
    expect(await count('root', body)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
  });

  test('refuses a body of more than 64 kB', async () => {
    const ids = Array.from({ length: 100 }, () => 'x'.repeat(1000));
    expect(await count('root', { classroom_ids: ids })).toMatchObject(
      problem(413, 'MESSAGE_TOO_BIG', 'the body is larger than allowed: 65536 bytes'),
    );
  });
});
