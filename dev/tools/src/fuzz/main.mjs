#!/usr/bin/env node
/** Mutated messages at every door of a real server. `--help` says more. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { randomOf } from './random.mjs';
import { runFuzz } from './run-fuzz.mjs';

const usage = `npm run fuzz -- [--messages N] [--seed N] [--json]

Starts the built server as a process of its own and sends it messages that were valid once: over HTTP to every route, on every
WebSocket channel before and after the login, and bytes that are no request. Exit code 1 when it crashes, hangs, grows, or
answers what its own descriptions (/openapi.json, /asyncapi.json) do not know.

REDIS_URL, DATABASE_URL and NATS_URL are passed on to it.

  --messages N  how many (default: 20000)
  --seed N      the same messages as a run that printed it
  --json        one JSON object on the last line`;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const wholeNumber = (name, text) => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text}: a whole number`);
};

const main = async () => {
  if (values.help) return console.log(usage);
  const messages = wholeNumber('messages', values.messages);
  const seed = values.seed === undefined ? randomInt(1_000_000_000) : wholeNumber('seed', values.seed);
  console.error(`seed ${seed}`);
  const onProgress = (done) => console.error(`${done} of ${messages}`);
  const { isGood, ...result } = await runFuzz({ messages, random: randomOf(seed), seed, onProgress });
  process.exitCode = isGood ? 0 : 1;
  if (values.json) return console.log(JSON.stringify(result));
  console.table(
    Object.fromEntries(
      Object.entries(result.doors).map(([door, { messages: count, outcomes }]) => [
        door,
        { messages: count, outcomes: JSON.stringify(outcomes) },
      ]),
    ),
  );
  const { doors: _doors, samples, ...rest } = result;
  console.log(rest);
  for (const sample of samples) console.log(sample);
};

try {
  await main();
} catch (error) {
  console.error(`fuzz: ${error.message}`);
  process.exitCode = 1;
}
