import type { RunningExam } from './fixtures.ts';
import { mutatedBytes } from './mutation.ts';
import type { Random } from './random.ts';
import type { SocketEndpoint } from './socket-endpoints.ts';
import { SocketListener } from './socket-listener.ts';
import type { ConnectionEnd, ServerMessage } from './socket-listener.ts';

const defaultMessages = 40;
const groupLength = 5;

const sendMutated = (listener: SocketListener, random: Random, example: object): void => {
  const bytes = mutatedBytes(random, example);
  const way = random.below(100);
  if (way < 1) return listener.send(bytes, { binary: true });
  if (way < 4) {
    const half = Math.floor(bytes.length / 2);
    listener.send(bytes.subarray(0, half), { binary: false, fin: false });
    return listener.send(bytes.subarray(half), { binary: false });
  }
  if (way === 4 && random.chance(0.3)) return listener.garble(random.bytes(1 + random.below(40)));
  listener.send(bytes, { binary: false });
};

/** Waits for the channel's own answer, or for a WebSocket pong where the channel has none. */
const checkAlive = async (listener: SocketListener, lifeSign: SocketEndpoint['lifeSign']): Promise<void> => {
  const answered = listener.next(lifeSign?.answer ?? '(pong)');
  if (lifeSign === null) listener.ping();
  else listener.send(JSON.stringify(lifeSign.ask));
  await answered;
};

/** Sends a mutated login. With a mutated URL, which may still be valid, it only checks that the connection is alive. */
const sendBeforeLogin = async (
  listener: SocketListener,
  endpoint: SocketEndpoint,
  exam: RunningExam,
  random: Random,
): Promise<void> => {
  const login = endpoint.login?.message(exam, random) ?? null;
  if (!listener.isUsable) return;
  if (login === null) return checkAlive(listener, null);
  const answered = listener.next('(any)');
  answered.catch(() => undefined);
  sendMutated(listener, random, login);
  if (listener.isUsable) await answered;
};

/** Sends up to `most` mutated messages. @returns how many */
const sendAfterLogin = async (
  listener: SocketListener,
  endpoint: SocketEndpoint,
  exam: RunningExam,
  random: Random,
  most: number,
): Promise<number> => {
  const count = Math.min(most, endpoint.messagesPerConnection ?? defaultMessages);
  let sent = 0;
  while (sent < count && listener.isUsable) {
    const until = Math.min(count, sent + groupLength);
    for (; sent < until && listener.isUsable; sent++) sendMutated(listener, random, endpoint.example(random, exam));
    // The server reads nothing after it closes: check after each group.
    if (listener.isUsable) await checkAlive(listener, null);
  }
  if (listener.isUsable) await checkAlive(listener, endpoint.lifeSign);
  return sent;
};

export interface SocketSession {
  origin: string;
  endpoint: SocketEndpoint;
  exam: RunningExam;
  random: Random;
  /** Fuzzes the URL or the login instead of the messages after it. */
  isBefore: boolean;
  /** Limit of mutated messages. */
  most: number;
  onMessage: (message: ServerMessage) => void;
}

/** Opens one connection and sends mutated messages. @returns their number, and how the connection ended; null while it is open */
export const runSocketSession = async ({
  origin,
  endpoint,
  exam,
  random,
  isBefore,
  most,
  onMessage,
}: SocketSession): Promise<{ sent: number; end: ConnectionEnd | null }> => {
  const url = origin.replace('http', 'ws') + endpoint.url(random, exam, isBefore);
  const listener = new SocketListener(url, onMessage);
  // Registered before the connection opens: the answer may arrive with the opening.
  const loggedIn = isBefore || endpoint.login === null ? null : listener.next(endpoint.login.answer);
  loggedIn?.catch(() => undefined);
  try {
    await listener.next('(open)');
    if (isBefore) {
      await sendBeforeLogin(listener, endpoint, exam, random);
      return { sent: 1, end: listener.end };
    }
    const login = endpoint.login?.message(exam, random) ?? null;
    if (login !== null) listener.send(JSON.stringify(login));
    await loggedIn;
    const sent = await sendAfterLogin(listener, endpoint, exam, random, most);
    return { sent, end: listener.end };
  } finally {
    await listener.close();
  }
};
