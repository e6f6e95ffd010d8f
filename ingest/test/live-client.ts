import { WebSocket } from 'ws';
import { demandDescribedMessage } from '@invigil/testkit/described/described-messages';
import type { Message } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** A plain client of any channel that records received messages. */
export class LiveClient {
  readonly messages: Message[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => {
      const message: Message = JSON.parse((data as Buffer).toString());
      demandDescribedMessage(url, message);
      this.messages.push(message);
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  static async open(url: string): Promise<LiveClient> {
    const client = new LiveClient(url);
    await new Promise((resolve, reject) => client.socket.once('open', resolve).once('error', reject));
    return client;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message that matches, including those already received. */
  next(type: string, fits: (message: Message) => boolean = () => true, timeout = 15_000): Promise<Message> {
    return waitUntil(() => this.messages.find((message) => message.type === type && fits(message)), {
      timeout,
      interval: 10,
    });
  }
}

export const socketOf = ({ origin }: { origin: string }): string => origin.replace('http', 'ws');

/** Registers a sentinel with the PIN; resolves with its id. AUTH=dev. */
export const openSentinel = async (server: { origin: string }, pin: number) => {
  const client = await LiveClient.open(`${socketOf(server)}/ws/sentinel`);
  client.send({ type: 'sentinel.register', payload: { pin }, timestamp: 0 });
  const { payload } = await client.next('server.registration.ack');
  return { client, sentinelId: String(payload.sentinelId) };
};

/** Registers a proctor. AUTH=dev. */
export const openProctor = async (server: { origin: string }): Promise<LiveClient> => {
  const client = await LiveClient.open(`${socketOf(server)}/ws/proctor`);
  client.send({ type: 'proctor.register', payload: {}, timestamp: 0 });
  await client.next('server.update-sentinels');
  return client;
};
