/** Outcome of a request. Problems are return values, because every page shows them. */
export type Answer<Value> =
  | { ok: true; value: Value }
  | { ok: false; problem: 'unreachable' | 'unknown' | 'forbidden' | 'refused'; detail: string | null };

type Problem = Extract<Answer<unknown>, { ok: false }>;

/** The result of the typed client. */
export interface ApiResult<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

const problemOf = (status: number, busy: Problem['problem']): Problem['problem'] => {
  if (status === 429 || status >= 500) return busy;
  if (status === 404) return 'unknown';
  return status === 401 || status === 403 ? 'forbidden' : 'refused';
};

const detailOf = (error: unknown): string | null => {
  const detail = typeof error === 'object' && error !== null && 'detail' in error ? error.detail : null;
  return typeof detail === 'string' ? detail : null;
};

/**
 * Waits for a request of the typed client.
 * @param read takes the value out of the response's data
 * @param busy the problem to return if the server is temporarily unable to take the request; `unreachable` makes callers retry
 */
export const answerOf = async <Data, Value>(
  request: Promise<ApiResult<Data>>,
  read: (data: Data) => Value,
  busy: 'refused' | 'unreachable' = 'refused',
): Promise<Answer<Value>> => {
  try {
    const { data, error, response } = await request;
    if (!response.ok) return { ok: false, problem: problemOf(response.status, busy), detail: detailOf(error) };
    return { ok: true, value: read(data as Data) };
  } catch (error) {
    // The body was not JSON: some other server answered, for example a captive portal.
    if (error instanceof SyntaxError) return { ok: false, problem: 'refused', detail: null };
    return { ok: false, problem: 'unreachable', detail: null };
  }
};

/** For requests whose response has no content that a page needs. */
export const nothing = (): null => null;
