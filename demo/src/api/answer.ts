/** Outcome of a request. Problems are return values, because every page shows them. */
export type Answer<Value> =
  | { ok: true; value: Value }
  | {
      ok: false;
      problem: 'unreachable' | 'unknown' | 'forbidden' | 'refused';
      detail: string | null;
      /** The server's problem code, if the server answered. */
      code?: string;
      /** The invalid field of the request, as the API names it, if the problem concerns one. */
      field?: string;
    };

export type Problem = Extract<Answer<unknown>, { ok: false }>;

/** A captive portal, a filter or a proxy answered in the server's place, with success and without what our server sends. */
const elsewhere: Problem = { ok: false, problem: 'unreachable', detail: null };
const noContentStatus = 204;

/** The result of the typed client. */
export interface ApiResult<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

const textIn = (error: unknown, name: 'code' | 'detail' | 'field'): string | null => {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : null;
  return typeof value === 'string' ? value : null;
};

const kindOf = (response: Response, busy: Problem['problem']): Problem['problem'] => {
  const { status } = response;
  // Without a time to retry after, waiting does not help: the student has used up a limit.
  if (status === 429 && !response.headers.has('retry-after')) return 'refused';
  if (status === 429 || status >= 500) return busy;
  if (status === 404) return 'unknown';
  return status === 401 || status === 403 ? 'forbidden' : 'refused';
};

const problemOf = (response: Response, error: unknown, busy: Problem['problem']): Problem => {
  const code = textIn(error, 'code');
  // Only a problem in our format is from our server; a proxy, a filter or a captive portal may have sent any other.
  if (code === null) return { ok: false, problem: 'unreachable', detail: null };
  const field = textIn(error, 'field');
  return {
    ok: false,
    problem: kindOf(response, busy),
    detail: textIn(error, 'detail'),
    code,
    ...(field === null ? {} : { field }),
  };
};

/**
 * Waits for a request of the typed client.
 * @param read takes the value out of the response's data; throws or returns undefined if it is not there
 * @param busy the problem to return if the server is temporarily unable to take the request; `unreachable` makes callers retry
 */
export const answerOf = async <Data, Value>(
  request: Promise<ApiResult<Data>>,
  read: (data: Data) => Value,
  busy: 'refused' | 'unreachable' = 'refused',
): Promise<Answer<Value>> => {
  try {
    const { data, error, response } = await request;
    if (!response.ok) return problemOf(response, error, busy);
    const value = read(data as Data);
    const isComplete = value !== undefined && (data !== undefined || response.status === noContentStatus);
    return isComplete ? { ok: true, value } : elsewhere;
  } catch {
    // No answer, or one that is not JSON.
    return elsewhere;
  }
};

/** For requests whose response has no content that a page needs. */
export const nothing = (): null => null;

/** For requests that our server answers with 204. */
export const noContent = (data: unknown): null => {
  if (data !== undefined) throw new TypeError('an answer without content has some');
  return null;
};
