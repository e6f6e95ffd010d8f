import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openHttpTransport } from './http-transport.ts';
import type { TransportClose } from './transport.ts';

interface Answer {
  status: number;
  type: string;
  body: string;
}

/** The transport's events when `hello` gets this response. */
const outcomeOf = async ({ status, type, body }: Answer): Promise<TransportClose | { message: string }> => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': type, 'retry-after': '3' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await new Promise((resolve) => {
      const transport = openHttpTransport(
        { serverUrl, sessionId: 's', token: null },
        {
          open: () => transport.send({ type: 'hello' }),
          message: ({ type: message }) => resolve({ message }),
          close: resolve,
        },
      );
    });
  } finally {
    server.close();
  }
};

const problem = (code: string): Pick<Answer, 'type' | 'body'> => ({
  type: 'application/problem+json',
  body: JSON.stringify({ code, detail: 'test' }),
});
const page = { type: 'text/html', body: '<html>Blocked by policy</html>' };

test.each([
  [401, 'AUTH_FAILED', 4004],
  [403, 'ACCESS_DENIED', 1008],
  [404, 'SESSION_NOT_FOUND', 1008],
  [410, 'SESSION_ENDED', 4000],
  [500, 'INTERNAL', 1011],
])('treats the server’s own %i as its decision', async (status, code, close) => {
  expect(await outcomeOf({ status, ...problem(code) })).toMatchObject({ code: close, fromServer: true });
});

test.each([200, 401, 403, 404, 410, 429, 502, 503, 511])(
  'retries after status %i from an intermediary',
  async (status) => {
    const close = await outcomeOf({ status, ...page });
    expect(close).toMatchObject({ code: 1006 });
    expect(close).not.toHaveProperty('fromServer');
  },
);

test('does not treat another service’s problem, or its JSON, as the server’s', async () => {
  expect(await outcomeOf({ status: 403, ...problem('BLOCKED') })).toMatchObject({ code: 1006 });
  expect(await outcomeOf({ status: 200, type: 'application/json', body: '{"login":"/portal"}' })).toMatchObject({
    code: 1006,
  });
});

test('pauses when the server itself is busy', async () => {
  expect(await outcomeOf({ status: 503, ...problem('STORE_UNAVAILABLE') })).toEqual({ message: 'slow_down' });
});
