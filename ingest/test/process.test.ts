import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder, removeFolders } from './ingest-server.ts';
import { startServerProcess } from './server-process.ts';
import { SessionClient, batch } from './session-client.ts';

afterAll(removeFolders);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s answers what it has, asks clients to come back and exits with 0',
  async (signal) => {
    const server = await startServerProcess(await makeFolder());
    const client = await new SessionClient(server, 'leaving').opened();
    client.send(batch(0, 4));
    await client.next('ack');
    expect(await server.end(signal)).toBe(0);
    expect((await client.closed).code).toBe(1001);
  },
);

test('does not start with a bad setting, and says in one line which', async () => {
  await expect(startServerProcess(await makeFolder(), { PORT: '99999' })).rejects.toThrow(
    'exit code 1: PORT is "99999"; allowed: 0–65535\n',
  );
});

test('does not start on a port that is taken, and says so', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(startServerProcess(await makeFolder(), { PORT: String(port) })).rejects.toThrow(
    /exit code 1: .*EADDRINUSE/,
  );
  other.close();
});

test('reads a .env file where it is started', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, '.env'), 'FRAME_BUFFER_RETENTION_SECONDS=never\n');
  await expect(startServerProcess(folder)).rejects.toThrow('FRAME_BUFFER_RETENTION_SECONDS is "never"');
});
