import { apiRoutes } from './api-types.ts';
import type { ApiOperations, Problem } from './api-types.ts';

/** As much of `fetch` as is used, so that the client runs wherever there is one. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{ status: number; headers: { get(name: string): string | null }; text(): Promise<string> }>;

export interface ApiClientOptions {
  /** Where the server is, such as `https://proctor.example.edu`. */
  serverUrl: string;
  /** Asked before each request; null: without a token. */
  token: () => string | null | Promise<string | null>;
  fetch: Fetch;
}

/** An answer other than what was asked for. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** What the server says of it; null when something in between answered. */
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem === null ? `the server answered ${status}` : `${problem.code}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
  }
}

type Name = keyof ApiOperations;
type Request<Operation extends Name> = ApiOperations[Operation]['request'];

/** A function for each operation. Whatever is not a success rejects with `ApiProblem`; a network that fails as `fetch` does. */
export type ApiClient = {
  [Operation in Name]: Record<never, never> extends Request<Operation>
    ? (request?: Request<Operation>) => Promise<ApiOperations[Operation]['answer']>
    : (request: Request<Operation>) => Promise<ApiOperations[Operation]['answer']>;
};

interface AnyRequest {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

const addressOf = (template: string, { path = {}, query = {} }: AnyRequest): string => {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(path[name] ?? ''));
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
};

const call = async (
  { serverUrl, token, fetch }: ApiClientOptions,
  [method, template]: readonly [method: string, path: string],
  request: AnyRequest,
): Promise<unknown> => {
  const bearer = await token();
  const { status, headers, text } = await fetch(serverUrl.replace(/\/$/, '') + addressOf(template, request), {
    method,
    headers: {
      ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
      ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  }).then(async (response) => ({ status: response.status, headers: response.headers, text: await response.text() }));
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  if (status >= 300) throw new ApiProblem(status, type === 'application/problem+json' ? JSON.parse(text) : null);
  if (text === '') return null;
  return type.endsWith('json') ? JSON.parse(text) : text;
};

/** A client of the HTTP interface, typed as `/openapi.json` describes it. */
export const createApiClient = (options: ApiClientOptions): ApiClient =>
  Object.fromEntries(
    Object.entries(apiRoutes).map(([name, route]) => [
      name,
      (request: AnyRequest = {}) => call(options, route, request),
    ]),
  ) as unknown as ApiClient;
