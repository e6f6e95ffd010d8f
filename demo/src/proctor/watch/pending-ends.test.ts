// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PendingEnds, undoS } from './pending-ends.ts';

let requests: Request[];
beforeEach(() => {
  vi.useFakeTimers();
  requests = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    requests.push(request);
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a session whose end was not undone ends when the tab is closed, with a request that outlives the page', async () => {
  const ends = new PendingEnds();
  ends.start('s-1');
  ends.start('s-2');
  ends.undo('s-2');
  dispatchEvent(new Event('pagehide'));
  await vi.advanceTimersByTimeAsync(undoS * 2000);
  expect(requests.map(({ url, keepalive }) => [new URL(url).pathname, keepalive])).toEqual([
    ['/api/v1/session/s-1/end', true],
  ]);
  expect(ends.states.value.get('s-1')).toEqual({ state: 'ended' });
});
