import { pino } from 'pino';
import { expect, test } from 'vitest';
import { OutageLog } from './outage-log.ts';

test('an outage is said once in half a minute, each kind for itself', () => {
  const said: unknown[] = [];
  let nowMs = 0;
  const outages = new OutageLog(
    pino({ level: 'warn' }, { write: (line) => void said.push(JSON.parse(line).event) }),
    () => nowMs,
  );
  for (; nowMs < 60_000; nowMs += 1000) {
    outages.warn({ event: 'records.failed', error: new Error('away') });
    if (nowMs > 10_000) outages.warn({ event: 'keys.failed', error: new Error('away') });
  }
  expect(said).toEqual(['records.failed', 'keys.failed', 'records.failed', 'keys.failed']);
});
