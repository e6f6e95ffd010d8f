import { describe, expect, test } from 'vitest';
import { answerOf, nothing } from './answer.ts';

const responded = (status: number, error?: unknown) =>
  Promise.resolve({ data: { title: 'Physics' }, error, response: new Response('', { status }) });
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
    expect(await answerOf(responded(status), title)).toEqual({ ok: false, problem, detail: null });
  });

  test('carries the server’s explanation', async () => {
    const answer = await answerOf(responded(409, { detail: 'the exam is over' }), title);
    expect(answer).toEqual({ ok: false, problem: 'refused', detail: 'the exam is over' });
  });

  test.each([['text'], [null], [{ detail: 7 }], [{}]])('ignores an error body of another shape: %j', async (error) => {
    expect(await answerOf(responded(500, error), title)).toMatchObject({ problem: 'refused', detail: null });
  });

  test('is “unreachable” if the network fails or the request times out', async () => {
    const failed = Promise.reject(new TypeError('Failed to fetch'));
    expect(await answerOf(failed, nothing)).toEqual({ ok: false, problem: 'unreachable', detail: null });
    const timedOut = Promise.reject(new DOMException('timed out', 'TimeoutError'));
    expect(await answerOf(timedOut, nothing)).toMatchObject({ problem: 'unreachable' });
  });

  test('is “refused” if the body is not JSON, as from a captive portal', async () => {
    expect(await answerOf(Promise.reject(new SyntaxError('<html>')), nothing)).toMatchObject({ problem: 'refused' });
  });
});
