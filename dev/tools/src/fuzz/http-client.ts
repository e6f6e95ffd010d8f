import { Agent, request } from 'node:http';
import { HangError } from './hang-error.ts';

/** Longer than the server may take for any request here. */
const answerLimitMs = 20_000;

export interface HttpRequest {
  method: string;
  path: string;
  token?: string;
  body?: string | Buffer | undefined;
  headers?: Record<string, string>;
}

export interface HttpAnswer {
  status: number;
  contentType: string | null;
  text: string;
}

export type SendRequest = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * A kept-alive connection was cut before the answer. The server may just have closed it for being idle, so the request has to be sent over
 * a new connection to see whether the server cuts that one too.
 */
class IdleCloseError extends Error {}

/** Sends requests to one server over kept-alive connections. */
export class HttpClient {
  readonly #origin: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Rejects with a {@link HangError} when no answer comes, and with the socket's error when the connection is cut. */
  readonly send: SendRequest = async (content) => {
    try {
      return await this.#send(content, this.#agent);
    } catch (error) {
      if (!(error instanceof IdleCloseError)) throw error;
      return await this.#send(content, new Agent());
    }
  };

  #send({ method, path, token, body, headers = {} }: HttpRequest, agent: Agent): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#origin, {
        agent,
        method,
        path,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      });
      sent.setTimeout(answerLimitMs, () => sent.destroy(new HangError('no answer')));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const isIdleClose = sent.reusedSocket && error.code === 'ECONNRESET';
        reject(isIdleClose ? new IdleCloseError('closed while idle', { cause: error }) : error);
      });
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? null,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
