import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LtiPlatform } from '../src/model/lti-platform.ts';

export interface HostRequest {
  /** Method, path and query. */
  line: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HostAnswer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A host on this machine that answers as a test says, for faults that a correct platform does not have. */
export class LtiPlatformHost {
  readonly requests: HostRequest[] = [];
  answer: (request: HostRequest) => HostAnswer = () => ({});
  #server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const received = { line: `${method} ${url}`, headers, body: await text(request) };
    this.requests.push(received);
    const { status = 200, body = {}, headers: sent = {} } = this.answer(received);
    response.writeHead(status, sent).end(typeof body === 'string' ? body : JSON.stringify(body));
  });

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The platform of this host. */
  get platform(): LtiPlatform {
    return {
      platformId: 'moodle',
      issuer: this.origin,
      clientId: 'client-1',
      loginUrl: `${this.origin}/login`,
      keysUrl: `${this.origin}/keys`,
      tokenUrl: `${this.origin}/token`,
      serviceOrigins: [],
    };
  }

  /** The lines of the requests so far. */
  get lines(): string[] {
    return this.requests.map(({ line }) => line);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
