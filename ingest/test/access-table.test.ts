import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roles } from '../src/auth/access-roles.ts';
import type { Access } from '../src/auth/access-roles.ts';
import { accessTable } from '../src/auth/access-table.ts';
import { authorisationPage } from '../src/auth/authorisation-page.ts';
import { expected } from './access-cells.ts';
import type { Visitor } from './access-cells.ts';
import { endpoints } from './access-endpoints.ts';
import type { Fixtures } from './access-requests.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { SessionClient } from './session-client.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

const actions: [string, Access][] = Object.entries(accessTable);

let server: TestServer;
const stranger = { isOwner: false, isInExam: false, teaches: false, isNamed: false };
let tokens: Record<'ada' | 'bob' | 'eve' | 'teacher' | 'other' | 'admin', string>;
let cells = 0;

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret });
  tokens = {
    ada: await tokenOf('ada', 'STUDENT'),
    bob: await tokenOf('bob', 'STUDENT'),
    eve: await tokenOf('eve', 'STUDENT'),
    teacher: await tokenOf('teacher', 'TEACHER'),
    other: await tokenOf('other-teacher', 'TEACHER'),
    admin: await tokenOf('admin', 'ADMIN'),
  };
});
afterAll(async () => {
  console.log(`authorisation: ${cells} cells checked, ${actions.length} actions × ${roles.length} roles`);
  await server.close();
  await removeFolders();
});

const begin = async (teacher: string, students: string[]): Promise<{ examId: string; pin: number }> => {
  const { json } = await server.ask('POST', '/api/v1/exams', {}, bearer(teacher));
  const path = `/api/v1/exams/${json.exam_id}`;
  const body = { students: students.map((student_id) => ({ student_id })) };
  await server.ask('POST', `${path}/enrolments`, body, bearer(teacher));
  await server.ask('POST', `${path}/open`, undefined, bearer(teacher));
  return { examId: json.exam_id, pin: Number(json.pin) };
};

const sessionOf = async (examId: string, memberId: string): Promise<{ session_id: string; token: string }> => {
  const body = { exam_id: examId, member_id: memberId };
  return (await server.ask('POST', '/api/v1/session/start', body, bearer(tokens.admin))).json;
};

/** Ada takes the teacher's exam, with Bob; Eve takes another teacher's exam. */
const createFixtures = async (): Promise<{ fixtures: Fixtures; visitors: Visitor[]; close: () => void }> => {
  const { examId, pin } = await begin(tokens.teacher, ['ada', 'bob']);
  const elsewhere = await begin(tokens.other, ['eve']);
  const ada = await sessionOf(examId, 'ada');
  const linkOf = async (teacher: string, exam: string, studentId: string): Promise<string> => {
    const { json } = await server.ask('POST', `/api/v1/exams/${exam}/links`, {}, bearer(teacher));
    return json.links.find((link: { student_id: string }) => link.student_id === studentId).token;
  };
  const links = {
    ada: await linkOf(tokens.teacher, examId, 'ada'),
    bob: await linkOf(tokens.teacher, examId, 'bob'),
    eve: await linkOf(tokens.other, elsewhere.examId, 'eve'),
  };
  const bob = await sessionOf(examId, 'bob');
  const eve = await sessionOf(elsewhere.examId, 'eve');
  const client = await new SessionClient(server, ada.session_id, `?token=${ada.token}`).opened();
  client.send({ extracted_features: { no_of_face: 1 } });
  await client.settled();
  const inExam = { ...stranger, isInExam: true };
  return {
    fixtures: { server, examId, pin, sessionId: ada.session_id, adaToken: ada.token },
    close: () => client.close(),
    visitors: [
      { ...stranger, name: 'nobody', role: 'anonymous', token: null },
      { ...inExam, name: 'the student', role: 'student', token: tokens.ada, isOwner: true },
      { ...inExam, name: 'another student of the exam', role: 'student', token: tokens.bob },
      { ...stranger, name: 'a student of another exam', role: 'student', token: tokens.eve },
      { ...inExam, name: 'the student’s link', role: 'personalLink', token: links.ada, isOwner: true },
      { ...inExam, name: 'another student’s link', role: 'personalLink', token: links.bob },
      { ...stranger, name: 'a link to another exam', role: 'personalLink', token: links.eve },
      { ...inExam, name: 'the session’s token', role: 'sessionToken', token: ada.token, isOwner: true },
      { ...inExam, name: 'the token of another session of the exam', role: 'sessionToken', token: bob.token },
      { ...stranger, name: 'the token of a session of another exam', role: 'sessionToken', token: eve.token },
      { ...stranger, name: 'the teacher', role: 'teacher', token: tokens.teacher, teaches: true, isNamed: true },
      { ...stranger, name: 'a teacher of another exam', role: 'teacher', token: tokens.other },
      { ...stranger, name: 'an admin', role: 'admin', token: tokens.admin },
    ],
  };
};

describe.each(actions)('%s', (_action, access) => {
  test.each(access.endpoints)('%s', async (name) => {
    const endpoint = endpoints[name];
    if (endpoint === undefined) throw new Error('this endpoint has no test');
    const { fixtures, visitors, close } = await createFixtures();
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    // Denied callers go first: nothing that they do may change the target.
    const order = visitors.toSorted(
      (a, b) => Number(expected(access[a.role], a) === 'in') - Number(expected(access[b.role], b) === 'in'),
    );
    for (const visitor of order) {
      found[visitor.name] = await endpoint(fixtures, visitor).catch(String);
      wanted[visitor.name] = expected(access[visitor.role], visitor);
      cells += 1;
    }
    close();
    expect(found).toEqual(wanted);
  });
});

test('a student cannot act in the name of another', async () => {
  const { fixtures, close } = await createFixtures();
  const body = { student_id: 'ada', violation_type: 'TAB_SWITCH' };
  const path = `/api/v1/exams/${fixtures.examId}/violations`;
  expect((await server.ask('POST', path, body, bearer(tokens.bob))).status).toBe(403);
  close();
});

test('an invalid token permits nothing', async () => {
  const bad = ['nonsense', await tokenOf('admin', 'ADMIN', '-1m'), `${tokens.admin}x`];
  for (const token of bad) {
    expect((await server.ask('GET', '/api/v1/exams', undefined, bearer(token))).status).toBe(401);
  }
});

test('the table has every route of the server', async () => {
  const folder = fileURLToPath(new URL('../src/http/routes', import.meta.url));
  const known = new Set(
    actions.flatMap(([, { endpoints: names }]) => names.map((name) => name.replaceAll(/\{\w+\}/g, '*'))),
  );
  const missing: string[] = [];
  let routes = 0;
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('-router.ts'))) {
    const source = await readFile(`${folder}/${file}`, 'utf8');
    for (const [, method = '', path = ''] of source.matchAll(/router\.(get|post|put|patch|delete)\(\s*'([^']*)'/g)) {
      routes += 1;
      const end = path === '/' ? '' : path.replaceAll(/:\w+/g, '*');
      const isKnown = [...known].some((name) => name.startsWith(`${method.toUpperCase()} `) && name.endsWith(end));
      if (!isKnown) missing.push(`${file}: ${method} ${path}`);
    }
  }
  expect(missing).toEqual([]);
  expect(routes).toBeGreaterThan(30);
});

test('its documentation page is up to date', async () => {
  await expect(authorisationPage()).toMatchFileSnapshot('../../docs/reference/authorisation.md');
});
