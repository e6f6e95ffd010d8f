import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { RefusedOrigins } from './refused-origins.ts';

let logged: string[];
let nowMs: number;
let refused: RefusedOrigins;
beforeEach(() => {
  logged = [];
  nowMs = 0;
  const log = pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).origin) });
  refused = new RefusedOrigins(log, () => nowMs);
});

test('a repeated origin is logged once in ten minutes', () => {
  for (; nowMs < 1_200_000; nowMs += 1000) refused.add('https://exam.example.org');
  expect(logged).toEqual(['https://exam.example.org', 'https://exam.example.org']);
});

test('invented origins fill neither log nor memory, and others are logged again later', () => {
  for (let i = 0; i < 1000; i += 1) refused.add(`https://${i}.example.org`);
  expect(logged).toHaveLength(20);
  nowMs = 600_000;
  refused.add(`https://${'x'.repeat(5000)}`);
  expect(logged[20]).toHaveLength(200);
});

test('a program that sends no origin is not logged', () => {
  refused.add(undefined);
  expect(logged).toEqual([]);
});
