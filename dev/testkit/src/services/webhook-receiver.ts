import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { Webhook } from 'standardwebhooks';

export interface ReceivedWebhook {
  id: string;
  headers: IncomingHttpHeaders;
  // A test looks into events of any shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  event: any;
}

/**
 * Another system: accepts webhooks whose signature the Standard Webhooks library verifies, and answers as configured.
 */
export const startReceiver = async (secret: string) => {
  const received: ReceivedWebhook[] = [];
  const refused: string[] = [];
  const state = { answer: 204 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const headers = Object.fromEntries(
        ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(request.headers[name])]),
      );
      try {
        const event = new Webhook(secret).verify(body, headers);
        received.push({ id: headers['webhook-id']!, headers: request.headers, event });
        response.writeHead(state.answer, state.answer === 302 ? { location: '/elsewhere' } : {}).end();
      } catch (error) {
        refused.push(String(error));
        response.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    refused,
    state,
    next: (type: string): Promise<ReceivedWebhook> =>
      vi.waitUntil(() => received.find(({ event }) => event.type === type), { timeout: 30_000, interval: 10 }),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};
