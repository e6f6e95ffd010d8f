import { pino } from 'pino';
import { expect, test } from 'vitest';
import { OutageLog } from './outage-log.ts';

test('each kind of outage is logged once in half a minute', () => {
  const logged: unknown[] = [];
  let nowMs = 0;
  const outages = new OutageLog(
    pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).event) }),
    () => nowMs,
  );
  for (; nowMs < 60_000; nowMs += 1000) {
    outages.warn({ event: 'records.failed', error: new Error('away') });
    if (nowMs > 10_000) outages.warn({ event: 'keys.failed', error: new Error('away') });
  }
  expect(logged).toEqual(['records.failed', 'keys.failed', 'records.failed', 'keys.failed']);
});
