import { describe, expect, test } from 'vitest';
import { createApiClient } from './api-client.ts';
import type { ApiClientOptions } from './api-client.ts';

/** A client whose requests the test answers, and the requests that it sent. */
const clientOf = (options: Partial<ApiClientOptions>, respond = () => Response.json({ status: 'running' })) => {
  const requests: Request[] = [];
  const api = createApiClient({
    baseUrl: 'https://proctor.example.edu',
    fetch: (request) => {
      requests.push(request);
      return Promise.resolve(respond());
    },
    ...options,
  });
  return { api, requests };
};
const path = { params: { path: { session_id: 'b1946ac9' } } };

describe('the API client', () => {
  test('fills in the path and returns the body', async () => {
    const { api, requests } = clientOf({});
    const { data } = await api.GET('/api/v1/session/{session_id}', path);
    expect(data).toEqual({ status: 'running' });
    expect(requests[0]!.url).toBe('https://proctor.example.edu/api/v1/session/b1946ac9');
  });

  test('encodes path parameters', async () => {
    const { api, requests } = clientOf({});
    await api.GET('/api/v1/session/{session_id}', { params: { path: { session_id: 'a/../b' } } });
    expect(new URL(requests[0]!.url).pathname).toBe('/api/v1/session/a%2F..%2Fb');
  });

  test.each([
    ['a fixed token', 't1', 'Bearer t1'],
    ['no token', null, null],
    ['a function that has none', () => null, null],
    ['a promise of a token', () => Promise.resolve('t2'), 'Bearer t2'],
  ])('sends %s', async (_name, token, header) => {
    const { api, requests } = clientOf({ token });
    await api.GET('/api/v1/session/{session_id}', path);
    expect(requests[0]!.headers.get('authorization')).toBe(header);
  });

  test('asks for the token before every request, so that it can be renewed', async () => {
    let asked = 0;
    const { api, requests } = clientOf({ token: () => `t${(asked += 1)}` });
    await api.GET('/api/v1/session/{session_id}', path);
    await api.GET('/api/v1/session/{session_id}', path);
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2']);
  });

  test('returns a problem as an error, and no data', async () => {
    const problem = { code: 'SESSION_NOT_FOUND', title: 'no such session', status: 404 };
    const { api } = clientOf({}, () => Response.json(problem, { status: 404 }));
    const { data, error, response } = await api.GET('/api/v1/session/{session_id}', path);
    expect(data).toBeUndefined();
    expect(error).toEqual(problem);
    expect(response.status).toBe(404);
  });

  test.each([
    ['the network', { fetch: () => Promise.reject(new TypeError('fetch failed')) }, 'fetch failed'],
    ['the token', { token: () => Promise.reject(new Error('signed out')) }, 'signed out'],
  ])('rejects if %s fails', async (_name, options, message) => {
    const { api } = clientOf(options);
    await expect(api.GET('/api/v1/session/{session_id}', path)).rejects.toThrow(message);
  });
});
