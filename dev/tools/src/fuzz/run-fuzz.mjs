import { Fuzzing } from './fuzzing.mjs';
import { HttpClient } from './http-client.mjs';
import { startServer } from './server-process.mjs';
import { Tally } from './tally.mjs';

/** A first part of the messages, after which memory is measured: code is compiled and pools are filled by then. */
const warmUpShare = 0.1;
/** What may remain of a run: some of what was made is kept on purpose, as sessions that run are. */
const growthLimitBytes = 64 * 1024 * 1024;

/**
 * Sends mutated messages to every door of a real server.
 * @returns counts by door, crashes, hangs, unexpected answers, and the memory in use before and after.
 */
export const runFuzz = async ({ messages, random, seed, onProgress = () => undefined }) => {
  const fromMs = Date.now();
  const server = await startServer();
  const client = new HttpClient(server.origin);
  const tally = new Tally();
  const progress = setInterval(() => onProgress(tally.total()), 5000);
  try {
    const fuzzing = new Fuzzing(server, client, tally, random);
    await fuzzing.begin();
    const warmUp = Math.round(messages * warmUpShare);
    await fuzzing.run(warmUp);
    const before = server.hasExited() ? null : await server.memory();
    await fuzzing.run(messages - warmUp);
    const after = server.hasExited() ? null : await server.memory();
    const isWell = after !== null && (await client.ask({ method: 'GET', path: '/healthz' })).status === 200;
    for (const { event, error } of server.failures) tally.unexpected('log', event, error?.message ?? '');
    const crashes = server.hasExited() ? 1 : 0;
    client.close();
    const exitCode = await server.stop();
    const grownBytes =
      after === null
        ? null
        : after.heap_used_bytes + after.external_bytes - before.heap_used_bytes - before.external_bytes;
    return {
      seed,
      messages: tally.total(),
      seconds: Math.round((Date.now() - fromMs) / 100) / 10,
      doors: tally.doors(),
      crashes,
      hangs: tally.hangs.length,
      unexpected: tally.unexpectedCount(),
      healthy_afterwards: isWell,
      exit_code: exitCode,
      memory: { before, after, grown_bytes: grownBytes, limit_bytes: growthLimitBytes },
      samples: [...tally.hangs.slice(0, 5), ...tally.samples()],
      isGood:
        crashes === 0 &&
        tally.hangs.length === 0 &&
        tally.unexpectedCount() === 0 &&
        isWell &&
        exitCode === 0 &&
        grownBytes < growthLimitBytes,
      ...(crashes === 0 ? {} : { last_lines: server.lastLines() }),
    };
  } finally {
    clearInterval(progress);
    client.close();
    if (!server.hasExited()) await server.stop();
  }
};
