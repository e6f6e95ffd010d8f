import { readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpFileName } from '../src/dump/frames-dump.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { waitUntil } from '@invigil/testkit/timers/waits';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

/** Whether this process, in which the server runs, has the file open. */
const isOpen = (file: string): boolean =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === file;
    } catch {
      // Closed in the meantime.
      return false;
    }
  });

test('an export whose client stops reading is aborted, and its files are closed', async () => {
  const start = { exam_id: 'physics', member_id: 'ada' };
  const { json } = await server.ask('POST', '/api/v1/session/start', start);
  // More than the intermediate buffers hold.
  const dump = join(server.dumpDir, dumpFileName(json.session_id));
  expect((await server.ask('POST', `/api/v1/session/${json.session_id}/end`)).status).toBe(204);
  await writeFile(dump, JSON.stringify({ frames: ['x'.repeat(64 * 1024 * 1024)] }));

  const asking = request(`${server.origin}/api/v1/students/ada/export`);
  const answered = new Promise<void>((resolve) => asking.once('response', () => resolve()));
  asking.end();
  await answered;
  await waitUntil(() => isOpen(dump), { timeout: 10_000 });
  asking.destroy();
  await waitUntil(() => !isOpen(dump), { timeout: 10_000 });
});
