#!/usr/bin/env node
/** Sends mutated messages to every endpoint of a real server. `--help` prints the options. */
import { randomInt } from 'node:crypto';
import { commandLine, numberOption, runCommand } from '../command/command-line.ts';
import { randomOf } from './random.ts';
import { runFuzz } from './run-fuzz.ts';

const usage = `npm run fuzz -- [--messages N] [--seed N] [--json]

Starts the built server in its own process and sends it mutated messages: HTTP requests to every route, messages on every
WebSocket channel before and after the login, and bytes that are not a request. Exit code 1 when the server crashes, hangs, grows,
or sends an answer that its own descriptions (/openapi.json, /asyncapi.json) do not contain.

Passes REDIS_URL, DATABASE_URL and NATS_URL on to the server.

  --messages N  number of messages (default: 20000)
  --seed N      repeats the messages of the run that printed this seed
  --json        prints the result as one JSON object on the last line
  --help        this text`;

const largest = 999_999_999;
const text = { type: 'string' } as const;
const wholeNumber = (name: string, value: string): number =>
  numberOption(name, value, { min: 0, max: largest, integer: true });

await runCommand(async () => {
  const { values } = commandLine(usage, { messages: text, seed: text, json: { type: 'boolean' } });
  const messages = wholeNumber('messages', values.messages ?? '20000');
  const seed = values.seed === undefined ? randomInt(largest + 1) : wholeNumber('seed', values.seed);
  console.error(`seed ${seed}`);
  const onProgress = (done: number): void => console.error(`${done} of ${messages}`);
  const { isGood, ...result } = await runFuzz({ messages, random: randomOf(seed), seed, onProgress });
  process.exitCode = isGood ? 0 : 1;
  if (values.json) return console.log(JSON.stringify(result));
  const { doors, samples, ...rest } = result;
  console.table(
    Object.fromEntries(
      Object.entries(doors).map(([endpoint, { messages: count, outcomes }]) => [
        endpoint,
        { messages: count, outcomes: JSON.stringify(outcomes) },
      ]),
    ),
  );
  console.log(rest);
  for (const sample of samples) console.log(sample);
});
