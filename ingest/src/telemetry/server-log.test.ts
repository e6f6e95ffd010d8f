import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openRequest } from './request-context.ts';
import { openLog } from './server-log.ts';

const loggedBy = async (work: (log: ReturnType<typeof openLog>) => Promise<void> | void): Promise<object[]> => {
  const lines: object[] = [];
  await work(openLog({ logLevel: 'info' }, 3, { write: (line) => void lines.push(JSON.parse(line)) }));
  return lines;
};

test('times are ISO 8601 in UTC', async () => {
  const lines = await loggedBy((log) => log.info({ event: 'a' }));
  expect(lines).toMatchObject([
    { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), worker: 3, event: 'a' },
  ]);
});

test('a line has the id of its own request, also after waiting beside others, and none outside of requests', async () => {
  const [first, second] = [openRequest('f1'), openRequest('f2')];
  const lines = await loggedBy(async (log) => {
    const work = async (): Promise<void> => {
      await delay(2);
      log.info({ event: 'a' });
    };
    await Promise.all([first.run(work), work(), second.run(work)]);
  });
  first.end();
  second.end();
  expect(lines.map((line) => ('request_id' in line ? line.request_id : null))).toEqual(['f1', null, 'f2']);
});
