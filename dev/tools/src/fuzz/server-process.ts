import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { serverProgram } from '@invigil/testkit/repository';
import { connectInspector } from './node-inspector.ts';
import { jwtSecret } from './tokens.ts';

const startLimitMs = 30_000;
const stopLimitMs = 30_000;
const keptLines = 40;
const errorLevel = 50;

/** High limits, so that the server parses the messages instead of only counting them. */
const withoutLimits = {
  MAX_MESSAGES_PER_SECOND: '10000',
  MAX_FRAMES_PER_SECOND: '100000',
  MAX_FRAME_BURST: '10000000',
  MAX_REQUESTS_PER_SECOND: '100000',
  MAX_MESSAGE_BURST: '100000',
  MAX_BYTES_PER_SECOND: '1000000000',
  DRAIN_SECONDS: '0',
};

export interface LogEntry {
  level: number;
  event: string;
  port?: number;
  error?: { message?: string };
}

export interface MemoryUse {
  heap_used_bytes: number;
  external_bytes: number;
  rss_bytes: number;
}

/** The server in its own process, with a debugger that measures memory after a garbage collection. */
export interface FuzzedServer {
  origin: string;
  /** Its working directory, with the stores in `data`. */
  folder: string;
  /** Entries that it logged as errors. */
  failures: readonly LogEntry[];
  lastLines(): string;
  hasExited(): boolean;
  memory(): Promise<MemoryUse>;
  /** @returns the exit code */
  stop(): Promise<number | null>;
}

type ServerChild = ChildProcessByStdio<null, Readable, Readable>;

const spawnServer = (folder: string, environment: NodeJS.ProcessEnv): ServerChild =>
  spawn(process.execPath, ['--inspect=127.0.0.1:0', serverProgram], {
    cwd: folder,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      AUTH: 'jwt',
      JWT_SECRET: jwtSecret,
      LOG_LEVEL: 'info',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Reads the process's output: keeps the last lines and the errors, and resolves when the server listens. */
const readOutput = async (child: ServerChild, exited: Promise<number | null>) => {
  const failures: LogEntry[] = [];
  const lines: string[] = [];
  let debuggerUrl: string | null = null;
  const lastLines = (): string => lines.join('\n');
  const port = await new Promise<number>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`the server did not start: ${lastLines()}`)), startLimitMs);
    const read = (line: string): void => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      debuggerUrl ??= /Debugger listening on (ws:\S+)/.exec(line)?.[1] ?? null;
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line) as LogEntry;
      if (entry.level >= errorLevel) failures.push(entry);
      if (entry.event !== 'server.listening' || entry.port === undefined) return;
      clearTimeout(limit);
      resolve(entry.port);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', read);
    void exited.then((code) => reject(new Error(`the server stopped (${code}): ${lastLines()}`)));
  });
  if (debuggerUrl === null) throw new Error(`the server has no debugger: ${lastLines()}`);
  return { failures, lastLines, port, debuggerUrl };
};

/** @param environment beside address and secret; the default lifts the limits on rates */
export const startServer = async (environment: NodeJS.ProcessEnv = withoutLimits): Promise<FuzzedServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-fuzz-'));
  const child = spawnServer(folder, environment);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const { failures, lastLines, port, debuggerUrl } = await readOutput(child, exited);
  const inspector = connectInspector(debuggerUrl);
  return {
    origin: `http://127.0.0.1:${port}`,
    folder,
    failures,
    lastLines,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    async memory() {
      await inspector.collectGarbage();
      const { heapUsed, rss, external } = (await inspector.evaluate('process.memoryUsage()')) as NodeJS.MemoryUsage;
      return { heap_used_bytes: heapUsed, external_bytes: external, rss_bytes: rss };
    },
    async stop() {
      inspector.close();
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      const code = await exited;
      clearTimeout(limit);
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
};
