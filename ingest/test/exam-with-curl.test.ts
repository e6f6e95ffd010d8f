import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guideExample } from '@invigil/testkit/guide-example';
import { repositoryFolder } from '@invigil/testkit/repository';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';

const run = promisify(execFile);
const settings = { AUTH: 'jwt', JWT_SECRET: jwtSecret };

let server: TestServer;
beforeAll(async () => {
  server = await startServer(settings);
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

test('the guide’s curl lines lead from creating an exam to its report', async () => {
  const lines = await guideExample('curl', { 'http://localhost:8000': server.origin }, 'exams');
  const { stdout } = await run('sh', ['-e', '-c', lines], {
    cwd: repositoryFolder,
    env: { ...process.env, ...settings },
    timeout: 60_000,
  });
  expect(stdout).not.toContain('"code":');
  expect(stdout).toContain('"status":"IN_PROGRESS"');
  expect(stdout).toContain('{"type":"ack","up_to_seq":0,');
  const report: unknown = JSON.parse(stdout.slice(stdout.indexOf('{"session":')));
  expect(report).toMatchObject({
    session: { exam_id: 'physics-1', member_id: 'ada', status: 'ended' },
    integrity: { frames: 1 },
  });
}, 90_000);
