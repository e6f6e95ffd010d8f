import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serverProgram } from '../repository.ts';

const startLimitMs = 30_000;
const stopLimitMs = 30_000;
const keptLines = 1000;
const shownLines = 40;

/** One line of the server's log. */
export interface LogEntry {
  level: number;
  event: string;
  port?: number;
  error?: { message?: string };
  [field: string]: unknown;
}

/** The server did not start. The message holds its last lines. */
export class ServerProcessError extends Error {
  override name = 'ServerProcessError';
}

export interface ServerProcessOptions {
  /** Working directory; data and dumps go into subfolders. */
  folder: string;
  /** Overrides everything below and this process's own environment. */
  environment?: NodeJS.ProcessEnv;
  /** Default: a free one. */
  port?: number;
  /** Whether service addresses in this process's environment (REDIS_URL, DATABASE_URL, …) apply. Default: true. */
  isEnvironmentShared?: boolean;
  /** Arguments of the server. */
  serverArguments?: readonly string[];
  /** Arguments of Node. */
  nodeArguments?: readonly string[];
  onLine?: (line: string) => void;
  onEntry?: (entry: LogEntry) => void;
}

export interface ServerProcess {
  port: number;
  pid: number;
  url: string;
  dumpPath(sessionId: string): string;
  /** Its log, at most the last thousand entries. */
  log(): LogEntry[];
  lastLines(): string;
  hasExited(): boolean;
  /** Sends a signal. Resolves with the exit code once the process has ended, or with null if the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** SIGTERM, and SIGKILL after half a minute. Does nothing if the process has ended. */
  stop(): Promise<number | null>;
}

const entryOf = (line: string): LogEntry | null => {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return null;
  }
};

const environmentOf = ({
  folder,
  environment,
  port,
  isEnvironmentShared,
}: ServerProcessOptions): NodeJS.ProcessEnv => ({
  ...(isEnvironmentShared === false ? { PATH: process.env['PATH'] } : process.env),
  HOST: '127.0.0.1',
  PORT: String(port ?? 0),
  AUTH: 'dev',
  DATA_DIR: join(folder, 'data'),
  DUMP_DIR: join(folder, 'dumps'),
  ...environment,
});

/**
 * Starts the built server (`npm run build`) as a process of its own and waits until it listens. All tests and tools that need a
 * separate process start it here; tests of the server itself run it in their own process, see `ingest-server.ts`.
 * @throws ServerProcessError if it does not listen within half a minute
 */
export const startServer = async (options: ServerProcessOptions): Promise<ServerProcess> => {
  const { folder, serverArguments = [], nodeArguments = [], onLine, onEntry } = options;
  const child = spawn(process.execPath, [...nodeArguments, serverProgram, ...serverArguments], {
    cwd: folder,
    env: environmentOf(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const lastLines = (): string => lines.slice(-shownLines).join('\n');
  // `close` is emitted after the last line of output.
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (problem: string): void => {
      const shown = lines.slice(-shownLines).map((line) => `${line}\n`);
      reject(new ServerProcessError(`${problem}: ${shown.join('')}`));
    };
    const limit = setTimeout(() => fail(`not listening after ${startLimitMs / 1000} s`), startLimitMs);
    const read = (line: string): void => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      onLine?.(line);
      const entry = entryOf(line);
      if (entry === null) return;
      onEntry?.(entry);
      if (entry.event !== 'server.listening' || entry.port === undefined) return;
      clearTimeout(limit);
      resolve(entry.port);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', read);
    child.once('error', reject);
    void gone.then((code) => {
      clearTimeout(limit);
      fail(`exit code ${code}`);
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return gone;
  };
  return {
    port,
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    dumpPath: (sessionId) => join(folder, 'dumps', `${sessionId}_frames.json`),
    log: () => lines.map(entryOf).filter((entry) => entry !== null),
    lastLines,
    hasExited,
    end,
    async stop() {
      if (hasExited()) return child.exitCode;
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      const code = await end('SIGTERM');
      clearTimeout(limit);
      return code;
    },
  };
};
