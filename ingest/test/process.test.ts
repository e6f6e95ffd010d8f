import { readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import { SessionClient, batch } from './session-client.ts';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';

afterAll(removeFolders);

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s answers received messages, asks clients to reconnect and exits with 0',
  async (signal) => {
    const server = await startServer({ folder: await makeFolder() });
    const client = await new SessionClient(server, 'leaving').opened();
    client.send(batch(0, 4));
    await client.next('ack');
    expect(await server.end(signal)).toBe(0);
    expect((await client.closed).code).toBe(1001);
  },
);

test('a signal that arrives twice at once, as npm passes on Ctrl+C, ends it in order', async () => {
  const server = await startServer({ folder: await makeFolder() });
  const client = await new SessionClient(server, 'twice').opened();
  process.kill(server.pid, 'SIGINT');
  expect(await server.end('SIGINT')).toBe(0);
  expect((await client.closed).code).toBe(1001);
});

test('creates files and folders that other users of the machine cannot read', async () => {
  const folder = await makeFolder();
  // As on a machine whose default gives everybody access.
  const openToAll = ['--import', 'data:text/javascript,process.umask(0)'];
  const server = await startServer({ folder, nodeArguments: openToAll, isEnvironmentShared: false });
  const client = await new SessionClient(server, 'private').opened();
  client.send(batch(0, 4));
  await client.next('ack');
  expect((await fetch(`${server.url}/api/v1/session/private/end`, { method: 'POST' })).status).toBe(204);
  const created = await readdir(folder, { recursive: true });
  expect(created).toEqual(expect.arrayContaining(['data/records.db', 'data/frames.db', 'dumps/private_frames.json']));
  const openOnes: string[] = [];
  for (const path of created) if (((await stat(join(folder, path))).mode & 0o077) !== 0) openOnes.push(path);
  expect(openOnes).toEqual([]);
  await server.end('SIGTERM');
});

test('does not start with an invalid setting, and names it in one line', async () => {
  await expect(startServer({ folder: await makeFolder(), environment: { PORT: '99999' } })).rejects.toThrow(
    'exit code 1: PORT is "99999"; allowed: 0–65535\n',
  );
});

test.each([
  ['DATA_DIR', 'a file', 'not a folder'],
  ['DUMP_DIR', 'a file', 'not a folder'],
  ['DATA_DIR', 'below a file', 'cannot create it: ENOTDIR'],
  // Existing folders that are not writable, not even for root.
  ['DATA_DIR', '/proc', 'cannot write to it:'],
  ['DUMP_DIR', '/proc/nothing', 'cannot create it:'],
])('does not start with a %s that is %s', async (variable, what, wrong) => {
  const folder = await makeFolder();
  const file = join(folder, 'file');
  await writeFile(file, '');
  const path = what.startsWith('/') ? what : what === 'a file' ? file : join(file, 'data');
  await expect(startServer({ folder, environment: { [variable]: path } })).rejects.toThrow(
    `exit code 1: ${variable} is "${path}"; allowed: a folder that can be written to; ${wrong}`,
  );
});

test('names every folder that it cannot write to', async () => {
  await expect(
    startServer({ folder: await makeFolder(), environment: { DATA_DIR: '/proc/a', DUMP_DIR: '/proc/b' } }),
  ).rejects.toThrow(/exit code 1: DATA_DIR is "\/proc\/a"; .*\nDUMP_DIR is "\/proc\/b"; /);
});

test('starts without weights and pages, and warns of each', async () => {
  const server = await startServer({
    folder: await makeFolder(),
    environment: { MODELS_DIR: '/nowhere', DEMO_DIR: '/nowhere/site' },
  });
  const warnings = server.log().filter(({ event }) => event === 'folder.missing');
  expect(warnings).toEqual([
    expect.objectContaining({ level: 40, variable: 'MODELS_DIR', folder: '/nowhere' }),
    expect.objectContaining({ level: 40, variable: 'DEMO_DIR', folder: '/nowhere/site' }),
  ]);
  expect(await server.end('SIGTERM')).toBe(0);
});

test('does not start on a port that is taken, and suggests a fix', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(startServer({ folder: await makeFolder(), environment: { PORT: String(port) } })).rejects.toThrow(
    new RegExp(
      `^exit code 1: (\\{.*\n)*PORT is "${port}", which another program uses on 127\\.0\\.0\\.1; stop that program, .*\n$`,
    ),
  );
  other.close();
});

test('can check beforehand whether it would start', async () => {
  const folder = await makeFolder();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const check = (environment: Record<string, string>) =>
    startServer({ folder, environment, serverArguments: ['--check'] }).catch(({ message }: Error) => message);
  expect(await check({ PORT: '99999', JWT_SECERT: jwtSecret })).toBe(
    'exit code 1: warning: JWT_SECERT is not a setting, so it is ignored; rename it to JWT_SECRET\n' +
      'PORT is "99999"; allowed: 0–65535\n',
  );
  expect(await check({ DUMP_DIR: '/proc/nothing' })).toContain('exit code 1: DUMP_DIR is "/proc/nothing"; ');
  expect(await check({ PORT: String(port) })).toContain(`exit code 1: PORT is "${port}", which another program uses`);
  expect(await check({})).toBe('exit code 0: ');
  other.close();
});

test('prints its options, and does not start with an unknown one', async () => {
  const folder = await makeFolder();
  const started = (...serverArguments: string[]) =>
    startServer({ folder, serverArguments }).catch(({ message }: Error) => message);
  expect(await started('--help')).toMatch(/^exit code 0: invigil \[--check \| --confirm-clock \| --version\]\n/);
  expect(await started('--hepl')).toMatch(/^exit code 1: Unknown option '--hepl'/);
  expect(await started('token', '--help')).toMatch(/^exit code 0: invigil token /);
});

test('does not start at an address of another machine, and names HOST', async () => {
  const environment = { HOST: '192.0.2.1', AUTH: 'jwt', JWT_SECRET: jwtSecret };
  await expect(startServer({ folder: await makeFolder(), environment })).rejects.toThrow(
    'HOST is "192.0.2.1"; allowed: an address or a name of this machine (EADDRNOTAVAIL)\n',
  );
});

test.each([
  ['its own address', {}, (port: number) => `http://127.0.0.1:${port}`],
  ['its proxy’s address', { PUBLIC_URL: 'https://proctor.example.org' }, () => 'https://proctor.example.org'],
])('logs the address to open in a browser: %s', async (_what, environment, url) => {
  const server = await startServer({ folder: await makeFolder(), environment });
  const stores = { auth: 'dev', version: expect.any(String) };
  expect(server.log()).toContainEqual(
    expect.objectContaining({ event: 'server.listening', url: url(server.port), ...stores }),
  );
  await server.end('SIGTERM');
});

test('logs each web origin that it refused once, for requests and sockets', async () => {
  const server = await startServer({ folder: await makeFolder() });
  const start = `http://127.0.0.1:${server.port}/api/v1/session/start`;
  const startFrom = (origin: string) => fetch(start, { method: 'POST', headers: { Origin: origin } });
  expect((await startFrom('https://forgotten.example.org')).status).toBe(403);
  expect((await startFrom('https://forgotten.example.org')).status).toBe(403);
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`, { origin: 'https://other.example.org' });
  await new Promise((resolve) => socket.once('error', resolve));
  const named = () => server.log().filter(({ event }) => event === 'origin.refused');
  await expect
    .poll(() => named().map(({ origin }) => origin), { timeout: 10_000 })
    .toEqual(['https://forgotten.example.org', 'https://other.example.org']);
  await server.end('SIGTERM');
});

test('reads a .env file in the current folder', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, '.env'), 'FRAME_BUFFER_RETENTION_SECONDS=never\n');
  await expect(startServer({ folder })).rejects.toThrow('FRAME_BUFFER_RETENTION_SECONDS is "never"');
});
