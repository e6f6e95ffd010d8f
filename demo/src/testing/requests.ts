import { vi } from 'vitest';

export interface SentRequest {
  method: string;
  path: string;
  query: Readonly<Record<string, string>>;
  body: unknown;
  token: string | null;
}

/** The server's response to one request: a status and a JSON body; null: the server cannot be reached. */
type Reply = readonly [status: number, body: unknown] | null;

/** A reply that waits for `release`, for what the user does while a request is under way. */
export const heldReply = (reply: Reply) => {
  let release = (): void => undefined;
  const held = new Promise<Reply>((resolve) => {
    release = () => resolve(reply);
  });
  return { reply: () => held, release };
};

let readers: (() => void)[] = [];

/** Resolves when the page has read the body of the next answer of `answerRequests`. */
export const nextAnswerRead = (): Promise<void> => new Promise((resolve) => readers.push(resolve));

/** A response that reports when its body has been read. */
class TestResponse extends Response {
  override async text(): Promise<string> {
    const text = await super.text();
    for (const reader of readers) reader();
    readers = [];
    return text;
  }
}

/**
 * Answers the page's requests in place of the network, until `vi.unstubAllGlobals`.
 * @param replies by method and path, for example `GET /api/v1/exams`; anything else is answered with 404.
 * @returns the requests that were made, oldest first.
 */
export const answerRequests = (replies: Record<string, Reply | (() => Reply | Promise<Reply>)>): SentRequest[] => {
  const sent: SentRequest[] = [];
  vi.stubGlobal('fetch', async (input: Request | string): Promise<Response> => {
    const request = input instanceof Request ? input : new Request(new URL(input, location.href));
    const text = await request.text();
    const { pathname: path, searchParams } = new URL(request.url);
    const authorization = request.headers.get('authorization');
    sent.push({
      method: request.method,
      path,
      query: Object.fromEntries(searchParams),
      body: text === '' ? null : JSON.parse(text),
      token: authorization?.replace('Bearer ', '') ?? null,
    });
    const found = replies[`${request.method} ${path}`];
    const reply = typeof found === 'function' ? await found() : found;
    if (reply === null) throw new TypeError('the network is gone');
    const [status, body] = reply ?? [404, { code: 'NOT_FOUND', detail: 'there is no such thing' }];
    // The server's problems always have a code.
    const sentBody = status < 400 ? body : { code: 'INVALID_MESSAGE', ...(body as object) };
    return new TestResponse(status === 204 ? null : JSON.stringify(sentBody), {
      status,
      headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' },
    });
  });
  return sent;
};
