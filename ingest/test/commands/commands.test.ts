import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret } from '@invigil/testkit/tokens/tokens';
import { examCommand } from '../../src/commands/exam-command.ts';
import { tokenCommand } from '../../src/commands/token-command.ts';
import { userCommand } from '../../src/commands/user-command.ts';
import { runCommandIn } from './run.ts';

let server: TestServer;
let environment: Record<string, string>;
let folder: string;
const sign = (...args: string[]) => runCommandIn(tokenCommand, environment, ...args);
const importFile = async (text: string | Buffer, ...args: string[]) => {
  const path = join(folder, 'students.csv');
  await writeFile(path, text);
  return await runCommandIn(examCommand, environment, 'import', path, ...args);
};

beforeAll(async () => {
  const tokens = { AUTH: 'jwt', JWT_SECRET: jwtSecret, JWT_AUDIENCE: 'proctoring' };
  server = await startServer(tokens);
  environment = { ...tokens, DATA_DIR: server.dataDir, DUMP_DIR: server.dumpDir };
  folder = await makeFolder();
  const { printed } = await sign('--user', 'hill', '--role', 'TEACHER');
  await server.ask('POST', '/api/v1/exams', { exam_id: 'physics' }, bearer(printed));
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

describe('invigil token', () => {
  test('signs a token that the server accepts, for its lifetime', async () => {
    const { printed } = await sign('--user', 'root', '--role', 'ADMIN', '--expires', '30m');
    expect((await server.ask('GET', '/ws/connections', undefined, bearer(printed))).status).toBe(200);
    const { exp, iat } = JSON.parse(Buffer.from(printed.split('.')[1]!, 'base64url').toString());
    expect(exp - iat).toBe(1800);
  });

  test.each([
    [[], '--user and --role are missing'],
    [['--role', 'TEACHER'], '--user is missing'],
    [['--user', 'hill'], '--role is missing'],
    [['--user', 'a b', '--role', 'TEACHER'], '--user must be an id'],
    [['--user', 'hill', '--role', 'teacher'], '--role must be one of STUDENT, TEACHER, ADMIN'],
    [['--user', 'hill', '--role', 'TEACHER', '--expires', '0h'], '--expires must be a time'],
    [['--user', 'hill', '--role', 'TEACHER', '--expires', '366d'], '--expires must be a time'],
    [['--user', 'hill', '--role', 'TEACHER', '--expire', '1h'], "Unknown option '--expire'"],
    [['hill'], "unexpected argument 'hill'"],
  ])('refuses %j', async (args, message) => {
    await expect(sign(...args)).rejects.toThrow(message);
    await expect(sign(...args)).rejects.toThrow(tokenCommand.usage);
  });

  test('cannot sign for an identity provider, and names it', async () => {
    const jwks = { AUTH: 'jwt', JWKS_URL: 'https://id.example.org/keys' };
    await expect(runCommandIn(tokenCommand, jwks, '--user', 'hill', '--role', 'TEACHER')).rejects.toThrow(
      /cannot sign: .*https:\/\/id\.example\.org\/keys/,
    );
  });
});

describe('invigil exam import', () => {
  test('enrols the students of a file while the server runs, once', async () => {
    const first = await importFile('student_id,student_name,seat\nada,Ada,1\nbob,,2\n', '--exam', 'physics');
    expect(first).toMatchObject({ code: 0, noted: 'ignored columns: seat' });
    expect(first.printed).toBe('students in the file: 2; newly enrolled in physics: 2');
    const again = await importFile('student_id,student_name\nada,Ada L.\neve,Eve\n', '--exam', 'physics');
    expect(again.printed).toBe('students in the file: 2; newly enrolled in physics: 1');
    const { printed } = await sign('--user', 'hill', '--role', 'TEACHER');
    const { json } = await server.ask('GET', '/api/v1/exams/physics', undefined, bearer(printed));
    expect(json.students.map((student: { student_name: string }) => student.student_name)).toEqual([
      'Ada L.',
      'bob',
      'Eve',
    ]);
  });

  test('enrols nobody from a file with a problem', async () => {
    const imported = importFile('student_id\nzed\nno id\n', '--exam', 'physics');
    await expect(imported).rejects.toThrow(/^nobody was enrolled; .*\n {2}line 3: student_id is "no id"/);
    expect((await runCommandIn(userCommand, environment, 'show', 'zed')).code).toBe(1);
  });

  test.each([
    [['--exam', 'chemistry'], 'there is no exam chemistry'],
    [[], '--exam must be the id of an exam'],
    [['--exam', 'physics', 'more'], 'expected: import FILE.csv'],
  ])('refuses %j', async (args, message) => {
    await expect(importFile('student_id\nada\n', ...args)).rejects.toThrow(message);
  });

  test('refuses a file that is missing or no text', async () => {
    const missing = runCommandIn(examCommand, environment, 'import', '/nowhere.csv', '--exam', 'physics');
    await expect(missing).rejects.toThrow('cannot read /nowhere.csv: ENOENT');
    const utf16 = Buffer.from('\uFEFFstudent_id\nada\n', 'utf16le');
    await expect(importFile(utf16, '--exam', 'physics')).rejects.toThrow('it is not UTF-8 text');
  });
});

describe('invigil user', () => {
  test('shows exams and sessions of a user', async () => {
    const { printed } = await runCommandIn(userCommand, environment, 'show', 'hill');
    expect(JSON.parse(printed)).toEqual({ user_id: 'hill', teaches: ['physics'], enrolled: [], sessions: [] });
  });

  test.each([[[]], [['list']], [['show']], [['show', 'a b']], [['show', 'ada', 'bob']]])('refuses %j', async (args) => {
    await expect(runCommandIn(userCommand, environment, ...args)).rejects.toThrow(userCommand.usage);
  });
});
