import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LtiPlatformHost } from '../../test/lti-platform-host.ts';
import { requestService } from './service-request.ts';

let host: LtiPlatformHost;
beforeEach(async () => {
  host = await new LtiPlatformHost().start();
});
afterEach(() => host.stop());

const get = (path: string) =>
  requestService(host.origin + path, { method: 'GET', headers: { Authorization: 'Bearer secret' } });
const maxBytes = 2_000_000;

test('an answer of two megabytes is read', async () => {
  host.answer = () => ({ body: `"${'x'.repeat(maxBytes - 2)}"` });
  expect((await get('/members')).json).toHaveLength(maxBytes - 2);
});

test('an answer without a body is null', async () => {
  host.answer = () => ({ status: 204, body: '' });
  expect((await get('/control')).json).toBeNull();
});

test.each([
  ['too_large', null, 'more than two megabytes', { body: `"${'x'.repeat(maxBytes - 1)}"` }],
  ['refused', 500, 'a failure with more than two megabytes', { status: 500, body: 'x'.repeat(maxBytes + 1) }],
  ['refused', 404, 'a failure that is not JSON', { status: 404, body: '<html>' }],
  ['invalid', null, 'a page in place of JSON', { body: '<html>' }],
  ['invalid', null, 'half an answer', { body: '{"members":[' }],
])('%s (%s): %s', async (problem, status, _what, answer) => {
  host.answer = () => answer;
  await expect(get('/members')).rejects.toMatchObject({ problem, status });
});

test('refused: a redirect is not followed, so the token does not reach the other address', async () => {
  host.answer = () => ({ status: 307, headers: { Location: '/elsewhere' } });
  await expect(get('/members')).rejects.toMatchObject({ problem: 'refused', status: 307 });
  expect(host.lines).toEqual(['GET /members']);
});

test('unreachable: nothing listens, and the error names neither address nor token', async () => {
  const { origin } = host;
  host.stop();
  const error = await requestService(`${origin}/members`, {
    method: 'GET',
    headers: { Authorization: 'secret' },
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ problem: 'unreachable', message: "the platform's service: unreachable" });
});

test('unreachable: the connection ends in the middle of the answer', async () => {
  const cutting = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"members":'));
  }).listen(0, '127.0.0.1');
  await once(cutting, 'listening');
  const url = `http://127.0.0.1:${(cutting.address() as AddressInfo).port}/`;
  await expect(requestService(url, { method: 'GET', headers: {} })).rejects.toMatchObject({ problem: 'unreachable' });
  cutting.close();
});
