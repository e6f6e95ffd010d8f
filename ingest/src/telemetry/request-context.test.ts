import { executionAsyncId } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { currentRequestId, openRequest } from './request-context.ts';

test('the id of a request stays until it ends, whether or not others end before it', async () => {
  const [first, second] = [openRequest('f1'), openRequest('f2')];
  const ids = second.run(async () => {
    first.end();
    first.end();
    await Promise.resolve();
    const open = currentRequestId();
    second.end();
    await Promise.resolve();
    return [open, currentRequestId()];
  });
  expect(await ids).toEqual(['f2', null]);
  expect(first.run(currentRequestId)).toBeNull();
});

test('promises are tracked only while a request is open', async () => {
  // Without tracking, a promise's callbacks run under the id of the code that called into JavaScript.
  const idInCallback = async (): Promise<number> => Promise.resolve().then(executionAsyncId);
  const request = openRequest('f1');
  const tracked = await request.run(idInCallback);
  request.end();
  await Promise.resolve();
  const [one, other] = [await idInCallback(), await idInCallback()];
  expect(tracked).not.toBe(0);
  expect(one).toBe(other);
});
