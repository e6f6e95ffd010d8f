import createClient from 'openapi-fetch';
import type { Client, ClientOptions } from 'openapi-fetch';
import type { paths } from './api-types.ts';

/** A token, or where to get a current one. Null: send the request without a token. */
export type ApiToken = string | null | (() => string | null | Promise<string | null>);

export interface ApiClientOptions {
  /** Origin of the server, such as `https://proctor.example.edu`. A page served by the server itself passes `''`. */
  baseUrl: string;
  /** A function is called before each request, so that it can refresh an expired token. Default: null. */
  token?: ApiToken;
  /** Replaces the global `fetch`, for example to set a timeout. */
  fetch?: NonNullable<ClientOptions['fetch']>;
}

export type ApiClient = Client<paths>;

/**
 * A client of the HTTP API, typed from `/openapi.json`. A method takes a path and its parameters and resolves with `data` or, for a
 * status of 400 and above, with `error`: an RFC 9457 problem with a `code`. It rejects only if the network fails. A response that is
 * not JSON needs `parseAs: 'text'`.
 *
 * @example
 * const api = createApiClient({ baseUrl: 'https://proctor.example.edu', token: () => currentToken() });
 * const { data: session, error } = await api.GET('/api/v1/session/{session_id}', {
 *   params: { path: { session_id: 'b1946ac9' } },
 * });
 * if (error) console.error(error.code, error.detail);
 * else console.log(session.status);
 */
export const createApiClient = ({ baseUrl, token = null, fetch }: ApiClientOptions): ApiClient => {
  const client = createClient<paths>({ baseUrl, ...(fetch === undefined ? {} : { fetch }) });
  client.use({
    async onRequest({ request }) {
      const bearer = typeof token === 'function' ? await token() : token;
      if (bearer !== null) request.headers.set('Authorization', `Bearer ${bearer}`);
      return request;
    },
  });
  return client;
};
