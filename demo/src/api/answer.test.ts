import { describe, expect, test } from 'vitest';
import { answerOf, noContent, nothing } from './answer.ts';

const code = 'SOME_CODE';
const responded = (status: number, error: unknown = { code }, headers: Record<string, string> = {}) =>
  Promise.resolve({ data: { title: 'Physics' }, error, response: new Response('', { status, headers }) });
const title = (data: { title: string }) => data.title;

describe('the answer to a request', () => {
  test('carries the value read from the response', async () => {
    expect(await answerOf(responded(200), title)).toEqual({ ok: true, value: 'Physics' });
    expect(await answerOf(responded(201), nothing)).toEqual({ ok: true, value: null });
  });

  test.each([
    [400, 'refused'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'unknown'],
    [409, 'refused'],
    [429, 'refused'],
    [500, 'refused'],
  ])('of status %i is the problem “%s”', async (status, problem) => {
    expect(await answerOf(responded(status), title)).toEqual({ ok: false, problem, detail: null, code });
  });

  test('carries the server’s explanation', async () => {
    const answer = await answerOf(responded(409, { code, detail: 'the exam is over' }), title);
    expect(answer).toEqual({ ok: false, problem: 'refused', detail: 'the exam is over', code });
  });

  test.each([['<html>sign in</html>'], [null], [{ code: 7 }], [{ detail: 'blocked' }]])(
    'is “unreachable” if the error is not in the server’s format, as from a proxy or a filter: %j',
    async (error) => {
      for (const status of [400, 403, 404, 451, 502, 511])
        expect(await answerOf(responded(status, error), title)).toEqual({
          ok: false,
          problem: 'unreachable',
          detail: null,
        });
    },
  );

  test('is “unreachable” while the server is busy, for callers that try again', async () => {
    for (const answer of [responded(503), responded(429, { code }, { 'retry-after': '2' })])
      expect(await answerOf(answer, title, 'unreachable')).toMatchObject({ problem: 'unreachable' });
  });

  test('is “refused” once a limit is used up, because trying again cannot help', async () => {
    expect(await answerOf(responded(429), title, 'unreachable')).toMatchObject({ problem: 'refused' });
  });

  test('is “unreachable” if the network fails or the request times out', async () => {
    const failed = Promise.reject(new TypeError('Failed to fetch'));
    expect(await answerOf(failed, nothing)).toEqual({ ok: false, problem: 'unreachable', detail: null });
    const timedOut = Promise.reject(new DOMException('timed out', 'TimeoutError'));
    expect(await answerOf(timedOut, nothing)).toMatchObject({ problem: 'unreachable' });
  });

  test('is “unreachable” if a portal answers with success, and without what our server sends', async () => {
    const empty = (status: number) => Promise.resolve({ data: undefined, response: new Response(null, { status }) });
    const portal = { data: { login: 'required' } as never, response: new Response('{}') };
    const unreachable = { ok: false, problem: 'unreachable', detail: null };
    expect(await answerOf(empty(200), nothing)).toEqual(unreachable);
    expect(await answerOf(Promise.resolve(portal), title)).toEqual(unreachable);
    expect(await answerOf(Promise.resolve(portal), noContent)).toEqual(unreachable);
    expect(await answerOf(empty(204), noContent)).toEqual({ ok: true, value: null });
  });

  test('is “unreachable” if the body is not JSON, as from a captive portal', async () => {
    expect(await answerOf(Promise.reject(new SyntaxError('<html>')), nothing)).toMatchObject({
      problem: 'unreachable',
    });
  });
});
