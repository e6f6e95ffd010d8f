import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIngest, loadConfig } from '@invigil/ingest';
import type { Config } from '@invigil/ingest';
import { SteadyClock } from '@invigil/ingest/testing';
import { sourceArguments } from '../source-arguments.ts';
import { demandDescribed } from '../described/described-answers.ts';

export interface TestServer {
  port: number;
  /** `http://127.0.0.1:…` */
  origin: string;
  dumpDir: string;
  dataDir: string;
  /** A request to the API; JSON bodies are parsed. Rejects if the answer does not match the server's description. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  /** Closes the server; its folders stay for a successor. */
  close(): Promise<void>;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  text: string;
  // A test looks into answers of any shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

const folders: string[] = [];

/** A folder that is removed by `removeFolders`. */
export const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-ingest-'));
  folders.push(folder);
  return folder;
};

export const removeFolders = async (): Promise<void> => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
};

/** A server clock that reads `now`, for tests that move time. Milliseconds since the Unix epoch. */
export const clockOf = (now: () => number): SteadyClock =>
  new SteadyClock({ wallMs: now, monotonicMs: now, uptimeMs: now });

/** The real server on a free port, configured by the given environment variables, in its own folder by default. */
export const startServer = async (
  environment: Record<string, string> = {},
  overrides: Partial<Config> = {},
  folder?: string,
  clock?: SteadyClock,
): Promise<TestServer> => {
  const home = folder ?? (await makeFolder());
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: join(home, 'data'),
    DUMP_DIR: join(home, 'dumps'),
    DEMO_DIR: join(home, 'site'),
    MODELS_DIR: join(home, 'models'),
    LOG_LEVEL: 'silent',
    // All tests share one address, and many of them are refused on purpose.
    MAX_REFUSALS_PER_SECOND_PER_ADDRESS: '1000000',
    ...environment,
  });
  const ingest = createIngest({ ...config, threadArguments: sourceArguments, ...overrides }, clock);
  const { port } = await ingest.listen();
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    dumpDir: config.dumpDir,
    dataDir: config.dataDir,
    async ask(method, path, body, headers = {}) {
      const response = await fetch(origin + path, {
        method,
        headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const contentType = response.headers.get('content-type');
      // The path unchanged: clients resolve `..` before sending.
      const asked = new URL(response.url);
      demandDescribed(
        { method, path: asked.pathname + asked.search, status: response.status, contentType, text },
        body,
      );
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
    },
    close: () => ingest.close(),
  };
};
