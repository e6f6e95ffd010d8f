import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer as startServerProcess } from '@invigil/testkit/server/server-process';
import type { LogEntry } from '@invigil/testkit/server/server-process';
import { connectInspector } from './node-inspector.ts';
import { jwtSecret } from './tokens.ts';

const errorLevel = 50;

/** High limits, so that the server parses the messages instead of only counting them. */
const withoutLimits = {
  MAX_MESSAGES_PER_SECOND: '10000',
  MAX_FRAMES_PER_SECOND: '100000',
  MAX_FRAME_BURST: '10000000',
  MAX_REQUESTS_PER_SECOND: '100000',
  MAX_REQUESTS_PER_SECOND_PER_ADDRESS: '1000000',
  MAX_REFUSALS_PER_SECOND_PER_ADDRESS: '1000000',
  MAX_MESSAGE_BURST: '100000',
  MAX_BYTES_PER_SECOND: '1000000000',
  DRAIN_SECONDS: '0',
};

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
  /** The value of an expression in the server's process. */
  evaluate(expression: string): Promise<unknown>;
  startProfile(): Promise<() => Promise<string>>;
  /** @returns the exit code */
  stop(): Promise<number | null>;
}

const debuggerOf = (line: string): string | null => /Debugger listening on (ws:\S+)/.exec(line)?.[1] ?? null;

/** @param environment in addition to address and secret; the default lifts the rate limits */
export const startServer = async (environment: NodeJS.ProcessEnv = withoutLimits): Promise<FuzzedServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-fuzz-'));
  const failures: LogEntry[] = [];
  let debuggerUrl: string | null = null;
  const server = await startServerProcess({
    folder,
    nodeArguments: ['--inspect=127.0.0.1:0'],
    environment: { AUTH: 'jwt', JWT_SECRET: jwtSecret, LOG_LEVEL: 'info', ...environment },
    onLine: (line) => (debuggerUrl ??= debuggerOf(line)),
    onEntry: (entry) => {
      if (entry.level >= errorLevel) failures.push(entry);
    },
  });
  if (debuggerUrl === null) throw new Error(`the server has no debugger: ${server.lastLines()}`);
  const inspector = connectInspector(debuggerUrl);
  return {
    origin: server.url,
    folder,
    failures,
    lastLines: () => server.lastLines(),
    hasExited: () => server.hasExited(),
    async memory() {
      await inspector.collectGarbage();
      const { heapUsed, rss, external } = (await inspector.evaluate('process.memoryUsage()')) as NodeJS.MemoryUsage;
      return { heap_used_bytes: heapUsed, external_bytes: external, rss_bytes: rss };
    },
    evaluate: (expression) => inspector.evaluate(expression),
    startProfile: () => inspector.startProfile(),
    async stop() {
      inspector.close();
      const code = await server.stop();
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
};
