import { Fuzzing } from './fuzzing.ts';
import { HttpClient } from './http-client.ts';
import type { Random } from './random.ts';
import { startServer } from './server-process.ts';
import type { FuzzedServer } from './server-process.ts';
import { Tally } from './tally.ts';

/** The first memory measurement comes after this share of the messages: code is compiled and pools are filled by then. */
const warmUpShare = 0.1;
/** Allowed growth: the server keeps some of the created entities on purpose, such as running sessions. */
const growthLimitBytes = 64 * 1024 * 1024;

export interface FuzzOptions {
  messages: number;
  random: Random;
  seed: number;
  onProgress?: (done: number) => void;
}

/** The second part of the messages, between two memory measurements. Null: the server has exited. */
const measureGrowth = async (fuzzing: Fuzzing, server: FuzzedServer, messages: number) => {
  const before = server.hasExited() ? null : await server.memory();
  await fuzzing.run(messages);
  const after = server.hasExited() ? null : await server.memory();
  const heldBytes = (use: NonNullable<typeof after>): number => use.heap_used_bytes + use.external_bytes;
  const grownBytes = before === null || after === null ? null : heldBytes(after) - heldBytes(before);
  return { before, after, grown_bytes: grownBytes, limit_bytes: growthLimitBytes };
};

const fuzzServer = async (server: FuzzedServer, client: HttpClient, tally: Tally, options: FuzzOptions) => {
  const { messages, random, seed } = options;
  const fromMs = Date.now();
  const fuzzing = await Fuzzing.begin({ server, client, tally, random });
  const warmUp = Math.round(messages * warmUpShare);
  await fuzzing.run(warmUp);
  const memory = await measureGrowth(fuzzing, server, messages - warmUp);
  const isHealthy = memory.after !== null && (await client.send({ method: 'GET', path: '/healthz' })).status === 200;
  for (const { event, error } of server.failures) tally.unexpected('log', event, error?.message ?? '');
  const crashes = server.hasExited() ? 1 : 0;
  client.close();
  const exitCode = await server.stop();
  const isGood =
    crashes === 0 &&
    tally.hangs.length === 0 &&
    tally.unexpectedCount() === 0 &&
    isHealthy &&
    exitCode === 0 &&
    memory.grown_bytes !== null &&
    memory.grown_bytes < growthLimitBytes;
  return {
    seed,
    messages: tally.total(),
    seconds: Math.round((Date.now() - fromMs) / 100) / 10,
    doors: tally.byEndpoint(),
    crashes,
    hangs: tally.hangs.length,
    unexpected: tally.unexpectedCount(),
    healthy_afterwards: isHealthy,
    exit_code: exitCode,
    memory,
    samples: [...tally.hangs.slice(0, 5), ...tally.samples()],
    isGood,
    ...(crashes === 0 ? {} : { last_lines: server.lastLines() }),
  };
};

export type FuzzResult = Awaited<ReturnType<typeof fuzzServer>>;

/**
 * Sends mutated messages to every endpoint of a real server.
 * @returns counts by endpoint, crashes, hangs, unexpected answers, and the memory in use before and after.
 */
export const runFuzz = async (options: FuzzOptions): Promise<FuzzResult> => {
  const server = await startServer();
  const client = new HttpClient(server.origin);
  const tally = new Tally();
  const progress = setInterval(() => options.onProgress?.(tally.total()), 5000);
  try {
    return await fuzzServer(server, client, tally, options);
  } finally {
    clearInterval(progress);
    client.close();
    if (!server.hasExited()) await server.stop();
  }
};
