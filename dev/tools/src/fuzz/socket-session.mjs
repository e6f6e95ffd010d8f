import { WebSocket } from 'ws';
import { mutatedBytes } from './mutation.mjs';

const patienceMs = 20_000;
const usualMessages = 40;
const groupLength = 5;

const waitFor = (promise, what) => {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(what), { code: 'HANG' })), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** A socket that keeps what it was sent, and tells when something fits or the end has come. */
class Listener {
  #waiting = [];
  /** Null while it is open: `{code}` of the close, or `{status}` of a refused upgrade. */
  end = null;
  /** What was sent last were bytes of a frame that never ends, perhaps: nothing more will be read. */
  isGarbled = false;

  constructor(url, onMessage) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.on('message', (data) => {
      const message = JSON.parse(Buffer.concat([data]).toString());
      onMessage(message);
      this.#tell(message.type);
      this.#tell('(any)');
    });
    this.socket.on('unexpected-response', (_request, response) => {
      response.resume();
      this.#over({ status: response.statusCode });
      this.socket.terminate();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => this.#over({ code }));
    this.socket.on('open', () => this.#tell('(open)'));
    this.socket.on('pong', () => this.#tell('(pong)'));
  }

  /** Resolves when a message of the type comes, or the end. */
  next(type) {
    if (this.end !== null) return Promise.resolve();
    const heard = new Promise((resolve) => this.#waiting.push({ type, resolve }));
    return waitFor(heard, `no ${type}`);
  }

  send(data, options) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data, options);
  }

  /** Past ws, which would not send what is no frame. */
  garble(bytes) {
    this.isGarbled = true;
    this.socket._socket?.write(bytes);
  }

  async close() {
    if (this.end !== null) return;
    if (this.isGarbled) return this.socket.terminate();
    this.socket.close();
    await this.next('(end)');
  }

  #tell(type) {
    const heard = this.#waiting.filter((waiting) => waiting.type === type);
    this.#waiting = this.#waiting.filter((waiting) => waiting.type !== type);
    for (const { resolve } of heard) resolve();
  }

  #over(end) {
    this.end ??= end;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }
}

const sendMutated = (listener, random, example) => {
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

/**
 * One connection of a channel.
 * @param isBefore before the login: a bad token or id, or something else than the registration.
 * @returns how many mutated messages it took, and how it ended.
 */
export const talk = async ({ origin, door, house, random, isBefore, most, onMessage }) => {
  const listener = new Listener(origin.replace('http', 'ws') + door.url(random, house, isBefore), onMessage);
  // Asked for at once: it may come together with the opening.
  const loggedIn = isBefore || door.login === null ? null : listener.next(door.login.answer);
  loggedIn?.catch(() => undefined);
  try {
    await listener.next('(open)');
    if (isBefore) {
      await knock(listener, door, house, random);
      return { sent: 1, end: listener.end };
    }
    const said = door.login?.said(house, random) ?? null;
    if (said !== null) listener.send(JSON.stringify(said));
    await loggedIn;
    const count = Math.min(most, door.messagesEach ?? usualMessages);
    let sent = 0;
    while (sent < count && isOpen(listener)) {
      const until = Math.min(count, sent + groupLength);
      for (; sent < until && isOpen(listener); sent++) sendMutated(listener, random, door.examples(random, house));
      // What comes after a close is not read; so it is found out now and then.
      if (isOpen(listener)) await signOfLife(listener, null);
    }
    if (isOpen(listener)) await signOfLife(listener, door.sign);
    return { sent, end: listener.end };
  } finally {
    await listener.close().catch(() => listener.socket.terminate());
  }
};

const isOpen = ({ end, isGarbled }) => end === null && !isGarbled;

/** With a bad address, which may have been good after all, or something else than what logs in. Either is answered. */
const knock = async (listener, door, house, random) => {
  const said = door.login?.said(house, random) ?? null;
  if (!isOpen(listener)) return;
  if (said === null) return signOfLife(listener, null);
  const answered = listener.next('(any)');
  answered.catch(() => undefined);
  sendMutated(listener, random, said);
  if (isOpen(listener)) await answered;
};

/** Its own answer where the channel has one; the protocol's pong otherwise. */
const signOfLife = async (listener, sign) => {
  const heard = listener.next(sign?.answer ?? '(pong)');
  if (sign === null) listener.socket.ping();
  else listener.send(JSON.stringify(sign.ask));
  await heard;
};
