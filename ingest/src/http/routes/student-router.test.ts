import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer, tokenOf } from '@invigil/testkit/tokens/tokens';
import { problem, startExamServer, statusesOf } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { runSession } from '../../../test/proctored-session.ts';

let exams: ExamServer;
beforeAll(async () => {
  exams = await startExamServer();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const exportOf = (who: Person, memberId: string) => exams.ask(who, 'GET', `/students/${memberId}/export`);
const erase = (who: Person, memberId: string) => exams.ask(who, 'DELETE', `/students/${memberId}`);
/** An ended session of a student of that name. */
const sessionOf = async (memberId: string, policy: object = {}): Promise<string> => {
  const examId = await exams.createExam({ students: [{ student_id: memberId }], policy });
  return (await runSession(exams.server, examId, memberId, await tokenOf(memberId, 'STUDENT'))).sessionId;
};
const begin = async (memberId: string): Promise<string> => {
  const examId = await exams.createExam({ students: [{ student_id: memberId }] });
  return (await exams.ask('tina', 'POST', '/session/start', { exam_id: examId, member_id: memberId })).json.session_id;
};

describe('exporting a student’s data', () => {
  test('gives a file with the records, the dumps and nothing of others', async () => {
    const [own, other] = [await sessionOf('ada'), await sessionOf('bob')];
    const answer = await exportOf('ada', 'ada');
    expect(answer.headers.get('content-disposition')).toContain('ada_export.json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { format, member_id: memberId, records, dumps, running } = answer.json;
    expect({ format, memberId, running }).toEqual({ format: 'invigil-export/1', memberId: 'ada', running: {} });
    expect(records.sessions.map((row: Record<string, unknown>) => row['session_id'])).toContain(own);
    expect(dumps.at(-1).frames).toHaveLength(300);
    expect(answer.text).not.toContain(other);
    expect(answer.text).not.toContain('bob');
  });

  test('holds the frames of a session that is running', async () => {
    const memberId = 'running-student';
    const token = await tokenOf(memberId, 'STUDENT');
    const examId = await exams.createExam({ students: [{ student_id: memberId }] });
    await runSession(exams.server, examId, memberId, token, async (sessionId) => {
      const { json } = await exportOf('root', memberId);
      expect(json.running[sessionId]).toHaveLength(300);
      expect(json.dumps).toEqual([]);
    });
  });

  test('of an unknown student is empty and not an error', async () => {
    expect((await exportOf('root', 'no-such-student')).json).toMatchObject({ records: {}, dumps: [], running: {} });
  });

  test('is for the student and admins', async () => {
    for (const who of ['bob', 'tina', 'tom'] as const) expect((await exportOf(who, 'ada')).status).toBe(403);
    expect((await exportOf('nobody', 'ada')).status).toBe(401);
    expect((await exportOf('root', 'ada')).status).toBe(200);
  });

  test('hides from the student a report that the exam hides, and shows it to an admin', async () => {
    const memberId = 'curious';
    const sessionId = await sessionOf(memberId, { report_to_student: false });
    await exams.ask('tina', 'PUT', `/session/${sessionId}/review`, { outcome: 'follow_up', notes: 'private words' });
    const path = `/api/v1/students/${memberId}/export`;
    const forStudent = await exams.server.ask('GET', path, undefined, bearer(await tokenOf(memberId, 'STUDENT')));
    expect(forStudent.json.records).not.toHaveProperty('exam_analyses');
    expect(forStudent.text).not.toMatch(/private words|tina/);
    const forAdmin = await exportOf('root', memberId);
    expect(forAdmin.json.records.exam_analyses).toHaveLength(1);
    expect(forAdmin.text).toContain('private words');
  });

  test('refuses an invalid id', async () => {
    expect(await exportOf('root', 'a%20b')).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /must be an id/, 'member_id'),
    );
  });
});

describe('erasing a student', () => {
  test('removes everything, counts it by table, and leaves others alone', async () => {
    const [own, other] = [await sessionOf('leaving'), await sessionOf('staying')];
    const erased = await erase('root', 'leaving');
    expect(erased.json).toMatchObject({ sessions: 1, rows: { sessions: 1, exam_analyses: 1, exam_students: 1 } });
    expect((await exams.ask('root', 'GET', `/session/${own}`)).status).toBe(404);
    expect((await exams.ask('root', 'GET', `/session/${own}/report`)).status).toBe(404);
    const { records, dumps } = (await exportOf('root', 'leaving')).json;
    expect([records, dumps]).toEqual([{}, []]);
    expect((await exams.ask('root', 'GET', `/session/${other}/report`)).status).toBe(200);
  });

  test('a second time finds nothing', async () => {
    await sessionOf('twice');
    expect((await erase('root', 'twice')).status).toBe(200);
    expect(await erase('root', 'twice')).toMatchObject(
      problem(404, 'NOT_FOUND', 'there is no data about this student'),
    );
  });

  test('by two admins at once erases once and harms nothing', async () => {
    await sessionOf('pressed-twice');
    const answers = await Promise.all([erase('root', 'pressed-twice'), erase('root', 'pressed-twice')]);
    expect(statusesOf(answers)[0]).toBe(200);
    expect(statusesOf(answers)[1]).toBeLessThan(500);
    expect((await exportOf('root', 'pressed-twice')).json.records).toEqual({});
  });

  test('is refused while a session runs, and names it', async () => {
    const sessionId = await begin('busy');
    expect(await erase('root', 'busy')).toMatchObject(
      problem(409, 'WRONG_STATUS', `cannot erase: sessions still running: ${sessionId}`),
    );
    expect((await exams.ask('root', 'GET', `/session/${sessionId}`)).status).toBe(200);
  });

  test('is for admins alone', async () => {
    for (const who of ['ada', 'bob', 'tina'] as const) expect((await erase(who, 'ada')).status).toBe(403);
  });
});

describe('DELETE /session/{id}', () => {
  const eraseSession = (who: Person, id: string) => exams.ask(who, 'DELETE', `/session/${id}`);

  test('erases one session and leaves the student’s others', async () => {
    const [first, second] = [await sessionOf('careful'), await sessionOf('careful')];
    expect((await eraseSession('root', first)).json).toMatchObject({ sessions: 1, rows: { sessions: 1 } });
    expect(await eraseSession('root', first)).toMatchObject({ status: 404 });
    expect((await exams.ask('root', 'GET', `/session/${second}/report`)).status).toBe(200);
    expect((await exportOf('root', 'careful')).json.dumps).toHaveLength(1);
  });

  test('is refused while the session runs, and to everyone but admins', async () => {
    const running = await begin('busy-too');
    expect(await eraseSession('root', running)).toMatchObject(problem(409, 'WRONG_STATUS', /has not ended/));
    const ended = await sessionOf('careful-too');
    for (const who of ['ada', 'tina'] as const) expect((await eraseSession(who, ended)).status).toBe(403);
    expect((await exams.ask('root', 'GET', `/session/${ended}`)).status).toBe(200);
  });
});
