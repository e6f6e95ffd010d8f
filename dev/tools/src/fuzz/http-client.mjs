import { Agent, request } from 'node:http';

/** Longer than the server may take for anything here. */
const patienceMs = 20_000;

/** Asks one server, on connections that are kept. */
export class HttpClient {
  #origin;
  #agent = new Agent({ keepAlive: true, maxSockets: 32 });

  constructor(origin) {
    this.#origin = origin;
  }

  /** Resolves with the answer; rejects with `hang` when there is none, with the socket's error when it was cut. */
  ask = ({ method, path, token, body, headers = {} }) =>
    new Promise((resolve, reject) => {
      const sent = request(this.#origin, {
        agent: this.#agent,
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
      sent.setTimeout(patienceMs, () => sent.destroy(Object.assign(new Error('no answer'), { code: 'HANG' })));
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            contentType: response.headers['content-type'] ?? null,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.end(body);
    });

  close() {
    this.#agent.destroy();
  }
}
