/** What a call came to; problems are outcomes, not exceptions. */
export type Answer<Value> =
  | { ok: true; value: Value }
  | { ok: false; problem: 'unreachable' | 'unknown' | 'forbidden' | 'refused'; detail: string | null };

const requestLimitMs = 20_000;

const problemOf = (status: number): 'unknown' | 'forbidden' | 'refused' => {
  if (status === 404) return 'unknown';
  return status === 401 || status === 403 ? 'forbidden' : 'refused';
};

/** A request to the server's API, with JSON both ways. */
export const apiCall = async (
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<Answer<unknown>> => {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestLimitMs),
    });
    text = await response.text();
  } catch {
    return { ok: false, problem: 'unreachable', detail: null };
  }
  let value: unknown = null;
  if (text !== '') {
    try {
      value = JSON.parse(text);
    } catch {
      return { ok: false, problem: 'refused', detail: null };
    }
  }
  if (response.ok) return { ok: true, value };
  const detail = (value as { detail?: unknown } | null)?.detail;
  return { ok: false, problem: problemOf(response.status), detail: typeof detail === 'string' ? detail : null };
};

/** The same answer with its value read as what the server documents. */
export const readAs = <Value>(answer: Answer<unknown>, read: (value: unknown) => Value): Answer<Value> =>
  answer.ok ? { ok: true, value: read(answer.value) } : answer;
