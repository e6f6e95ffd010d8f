import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serverProgram } from '../repository.ts';

const startLimitMs = 30_000;
const stopLimitMs = 10_000;
const keptLines = 12;

const portOf = (line: string): number | null => {
  if (!line.startsWith('{')) return null;
  try {
    const { port } = JSON.parse(line) as { port?: unknown };
    return typeof port === 'number' && Number.isInteger(port) && port > 0 ? port : null;
  } catch {
    return null;
  }
};

/** The server did not start, or stopped on its own. The message holds its last lines. */
export class ServerProcessError extends Error {
  override name = 'ServerProcessError';
}

export interface ServerProcess {
  url: string;
  dumpPath(sessionId: string): string;
  lastLines(): string;
  /** SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

/**
 * Starts the built server on a free loopback port with open authentication and its data under `folder`. Service addresses in this
 * process's environment (REDIS_URL, DATABASE_URL, …) apply; `environment` overrides everything.
 */
export const startServer = async ({
  folder,
  environment = {},
}: {
  folder: string;
  environment?: Record<string, string>;
}): Promise<ServerProcess> => {
  const child = spawn(process.execPath, [serverProgram], {
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
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  };
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (problem: string): void => reject(new ServerProcessError(`${problem}:\n${lines.join('\n')}`));
    const limit = setTimeout(() => fail('the server did not start in time'), startLimitMs);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        keep(line);
        const found = portOf(line);
        if (found === null) return;
        clearTimeout(limit);
        resolve(found);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(limit);
      fail(`the server stopped during startup (${code})`);
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    dumpPath: (sessionId) => join(folder, 'dumps', `${sessionId}_frames.json`),
    lastLines: () => lines.join('\n'),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      await exited;
      clearTimeout(limit);
    },
  };
};
