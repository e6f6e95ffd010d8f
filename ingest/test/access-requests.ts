import { WebSocket } from 'ws';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer } from '@invigil/testkit/tokens/tokens';
import type { Visitor } from './access-cells.ts';

/** The exam and sessions behind the endpoints. */
export interface Fixtures {
  server: TestServer;
  examId: string;
  pin: number;
  /** Ada's. */
  sessionId: string;
  adaToken: string;
}

type Verdict = 'in' | 'unknown' | 'denied';
export type Endpoint = (fixtures: Fixtures, visitor: Visitor) => Promise<Verdict>;

const patienceMs = 5000;

const verdictOf = (status: number, text: string): Verdict => {
  if (text.includes('there is no resource at this path')) throw new Error('no such endpoint');
  if (status >= 500 && status !== 503) throw new Error(`${status} ${text}`);
  return status === 401 ? 'unknown' : status === 403 ? 'denied' : 'in';
};

/** A request; only whether it was permitted matters, not its result. */
export const http =
  (
    method: string,
    path: (fixtures: Fixtures, visitor: Visitor) => string,
    body?: (fixtures: Fixtures, visitor: Visitor) => unknown,
  ): Endpoint =>
  async (fixtures, visitor) => {
    const headers = visitor.token === null ? {} : bearer(visitor.token);
    const { status, text } = await fixtures.server.ask(
      method,
      path(fixtures, visitor),
      body?.(fixtures, visitor),
      headers,
    );
    return verdictOf(status, text);
  };

/** Public pages and files; they need not exist. */
export const open =
  (path: string): Endpoint =>
  async ({ server }, { token }) => {
    const { status } = await server.ask('GET', path, undefined, token === null ? {} : bearer(token));
    return status === 401 ? 'unknown' : status === 403 ? 'denied' : 'in';
  };

type Judge = (message: Record<string, unknown>) => Verdict | null;

/** A socket; `judge` reads its messages until one shows whether the client was admitted. */
export const socket = (
  path: (fixtures: Fixtures, visitor: Visitor) => string,
  hello: (fixtures: Fixtures, visitor: Visitor) => object | null,
  judge: Judge,
): Endpoint =>
  async function connect(fixtures, visitor) {
    const client = new WebSocket(fixtures.server.origin.replace('http', 'ws') + path(fixtures, visitor));
    try {
      return await new Promise<Verdict>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no verdict in time')), patienceMs);
        const settle = (verdict: Verdict): void => {
          clearTimeout(timer);
          resolve(verdict);
        };
        client.on('open', () => {
          const first = hello(fixtures, visitor);
          if (first !== null) client.send(JSON.stringify(first));
        });
        client.on('message', (data: Buffer) => {
          const verdict = judge(JSON.parse(data.toString('utf8')));
          if (verdict !== null) settle(verdict);
        });
        client.on('close', (code) => reject(new Error(`closed with ${code} before a verdict`)));
        client.on('error', reject);
      });
    } finally {
      client.terminate();
    }
  };

export const query = ({ token }: Visitor): string => (token === null ? '' : `?token=${token}`);

const documentedError: Judge = ({ type, code }) => {
  if (type !== 'error') return null;
  if (code === 'AUTH_FAILED') return 'unknown';
  return code === 'ACCESS_DENIED' ? 'denied' : null;
};
export const orElse =
  (inType: string): Judge =>
  (message) =>
    documentedError(message) ?? (message['type'] === inType ? 'in' : null);

export const payloadOf = (message: Record<string, unknown>): Record<string, unknown> => {
  const payload = message['payload'];
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
};

export const rejected: Judge = (message) => {
  if (message['type'] !== 'server.registration.reject') return null;
  return payloadOf(message)['reason'] === 'missing auth token' ? 'unknown' : 'denied';
};
