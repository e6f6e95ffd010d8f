import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RehearsalError } from './rehearsal-error.mjs';

const startLimitMs = 30_000;
const stopLimitMs = 10_000;
const keptLines = 12;

const portOf = (line) => {
  if (!line.startsWith('{')) return null;
  try {
    const entry = JSON.parse(line);
    return Number.isInteger(entry.port) && entry.port > 0 ? entry.port : null;
  } catch {
    return null;
  }
};

/**
 * Starts the real server on a free port, with its data under `folder`. What the environment says of services (REDIS_URL,
 * DATABASE_URL, …) is passed on; address and login are the rehearsal's own, unless `environment` says otherwise.
 */
export const startServer = async ({ root, folder, environment = {} }) => {
  const child = spawn(process.execPath, [join(root, 'ingest/dist/main.js')], {
    cwd: folder,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH: 'dev',
      DATA_DIR: join(folder, 'data'),
      DUMP_DIR: join(folder, 'dumps'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  const keep = (line) => {
    said.push(line);
    if (said.length > keptLines) said.shift();
  };
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  const port = await new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new RehearsalError(`the server did not start in time:\n${said.join('\n')}`)),
      startLimitMs,
    );
    const settle = (finish, value) => {
      clearTimeout(limit);
      finish(value);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        keep(line);
        const found = portOf(line);
        if (found !== null) settle(resolve, found);
      });
    }
    child.once('error', (error) => settle(reject, error));
    child.once('exit', (code) =>
      settle(reject, new RehearsalError(`the server stopped at its start (${code}):\n${said.join('\n')}`)),
    );
  }).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    dumpPath: (sessionId) => join(folder, 'dumps', `${sessionId}_frames.json`),
    lastLines: () => said.join('\n'),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      await exited;
      clearTimeout(limit);
    },
  };
};
