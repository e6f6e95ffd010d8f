import { expect, test } from 'vitest';
import { hashOf } from '@invigil/testkit/network/model-network';
import { ManualTimers, settle } from '@invigil/testkit/timers/manual-timers';
import { closeCodes } from '@invigil/protocol/channels';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { Connector } from './connector.ts';
import type { TransportName } from './delivery-state.ts';
import { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import { Sender } from './sender.ts';
import type { TokenSource } from './token-source.ts';
import type { ClientMessage, OpenTransport, TransportClose, TransportEvents, TransportTarget } from './transport.ts';

interface Attempt {
  name: TransportName;
  target: TransportTarget;
  events: TransportEvents;
  sent: ClientMessage[];
  isClosed: boolean;
}

const ackUpTo = (seq: number): ServerSessionMessage => ({ type: 'ack', up_to_seq: seq, seqs: [], chain: null });
const ack = ackUpTo(0);
const heartbeat: ServerSessionMessage = { type: 'heartbeat', session_id: 's', timestamp: 't' };

const tokenUntil = (expiresMs: number): string =>
  `e30.${Buffer.from(JSON.stringify({ exp: expiresMs / 1000 })).toString('base64url')}.signature`;

/**
 * A connector whose owner acts like the connection: it reports each loss, drops the transport and tries again later.
 */
const setUp = (token?: TokenSource) => {
  const timers = new ManualTimers();
  const attempts: Attempt[] = [];
  const log: string[] = [];
  const held = { back: false };
  const owner: { sender: Sender | null } = { sender: null };
  const opener =
    (name: TransportName): OpenTransport =>
    (target, events) => {
      const attempt: Attempt = { name, target, events, sent: [], isClosed: false };
      attempts.push(attempt);
      return {
        send: (message) => attempt.sent.push(message),
        bufferedBytes: 0,
        close: () => {
          attempt.isClosed = true;
        },
      };
    };
  const lose = (close: TransportClose): void => {
    log.push(`close ${close.code}`);
    connector.lost(close, false);
    connector.drop();
    connector.retryLater();
  };
  const connector = new Connector(
    { serverUrl: 'http://server', sessionId: 's', token, batchIntervalMs: 1000 },
    { timers, random: () => 0, transports: { socket: opener('socket'), http: opener('http') } },
    {
      onOpening: (name) => log.push(`opening ${name}`),
      onOpen: (name) => log.push(`open ${name}`),
      onMessage: (message, name) => {
        log.push(`${message.type} ${name}`);
        if (message.type === 'ack') owner.sender?.acknowledged(message);
      },
      onClose: lose,
      onTokenUnavailable: () => {
        log.push('no token');
        connector.drop();
        connector.retryLater();
      },
      onRenew: () => {
        log.push('renew');
        connector.drop();
      },
      isHeldBack: () => owner.sender?.isHeldBack ?? held.back,
    },
  );
  const newest = (): Attempt => {
    const attempt = attempts.at(-1);
    if (attempt === undefined) throw new Error('nothing was opened');
    return attempt;
  };
  /** The newest attempt opens and is closed; resolves when the next one has begun. */
  const fail = async (heard: boolean, code = 1006): Promise<void> => {
    const { length } = attempts;
    newest().events.open();
    if (heard) newest().events.message(heartbeat);
    newest().events.close({ code, reason: 'test' });
    while (attempts.length === length) await timers.advance(100);
  };
  return { timers, attempts, log, held, owner, connector, newest, fail };
};

/** With a sender that sends over the newest attempt, and whose frames only the test acknowledges. */
const setUpWithSender = async () => {
  const rig = setUp();
  const { timers, owner, connector, newest } = rig;
  const outbox = await Outbox.open(new MemoryOutboxStore(), {
    maxFrames: 1000,
    maxBytes: 1_000_000,
    maxCachedBytes: 60_000,
  });
  const sender = new Sender(outbox, timers, async (text) => hashOf(text));
  owner.sender = sender;
  const welcome = (): void => {
    newest().events.open();
    newest().events.message(heartbeat);
    connector.ready();
    sender.begin({ send: () => undefined }, null);
  };
  const sendFrame = async (): Promise<void> => {
    outbox.append({ seq: outbox.nextSeq, timestamp: timers.nowMs(), no_of_face: 1 });
    await sender.pump('all');
  };
  const acknowledgeAll = (): void => newest().events.message(ackUpTo(outbox.nextSeq - 1));
  /** The newest attempt is lost; resolves when the next one has begun. */
  const lose = async (): Promise<void> => {
    const { length } = rig.attempts;
    newest().events.close({ code: 1006, reason: 'no heartbeat' });
    sender.end();
    while (rig.attempts.length === length) await timers.advance(100);
  };
  return { ...rig, sender, welcome, sendFrame, acknowledgeAll, lose };
};

test('opens a compressed socket with the session and the token', async () => {
  const { connector, newest, log } = setUp('secret');
  await connector.begin();
  expect(newest()).toMatchObject({
    name: 'socket',
    target: { serverUrl: 'http://server', sessionId: 's', token: 'secret', compressed: true },
  });
  newest().events.open();
  newest().events.message(heartbeat);
  expect(log).toEqual(['opening socket', 'open socket', 'heartbeat socket']);
});

test('asks the page for a token at each attempt', async () => {
  let asked = 0;
  const { connector, attempts, timers, newest } = setUp(async () => `token-${++asked}`);
  await connector.begin();
  newest().events.close({ code: 1006, reason: 'reset' });
  await timers.advance(2000);
  expect(attempts.map(({ target }) => target.token)).toEqual(['token-1', 'token-2']);
});

test('tries again when the page has no token at the moment', async () => {
  let isSignedIn = false;
  const { connector, attempts, timers, log } = setUp(() =>
    isSignedIn ? Promise.resolve('token') : Promise.reject(new Error('signed out')),
  );
  await connector.begin();
  expect(log).toEqual(['opening socket', 'no token']);
  expect(attempts).toEqual([]);
  isSignedIn = true;
  await timers.advance(1000);
  expect(attempts).toHaveLength(1);
});

test('counts an attempt that gets no answer within ten seconds as lost', async () => {
  const { connector, timers, log, newest } = setUp();
  await connector.begin();
  const silent = newest();
  await timers.advance(9_999);
  expect(log).toEqual(['opening socket']);
  await timers.advance(1);
  expect(log).toEqual(['opening socket', 'close 1006']);
  expect(silent.isClosed).toBe(true);
});

test('an attempt that is overtaken while the page looks for a token opens nothing', async () => {
  const resolvers: ((token: string) => void)[] = [];
  const { connector, attempts } = setUp(() => new Promise((resolve) => resolvers.push(resolve)));
  const first = connector.begin();
  const second = connector.begin();
  resolvers[1]?.('second');
  resolvers[0]?.('first');
  await Promise.all([first, second]);
  expect(attempts.map(({ target }) => target.token)).toEqual(['second']);
});

test('events of a dropped transport are ignored', async () => {
  const { connector, newest, log } = setUp();
  await connector.begin();
  const { events } = newest();
  connector.drop();
  events.open();
  events.message(heartbeat);
  events.close({ code: 4000, reason: '' });
  expect(log).toEqual(['opening socket']);
});

test('waits longer after each failure, half of the backoff at the least', async () => {
  const { connector } = setUp();
  const delays: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await connector.begin();
    connector.drop();
    delays.push(connector.retryLater());
  }
  expect(delays).toEqual([500, 750, 1125, 1688]);
  expect(connector.attempt).toBe(4);
});

test('a connection that was ready for more than ten seconds begins the count again', async () => {
  const { connector, timers, newest } = setUp();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await connector.begin();
    connector.drop();
    connector.retryLater();
  }
  await connector.begin();
  newest().events.open();
  connector.ready();
  await timers.advance(10_001);
  connector.drop();
  expect(connector.retryLater()).toBe(500);
});

test('takes HTTP after three sockets through which no message came', async () => {
  const { connector, attempts, fail } = setUp();
  await connector.begin();
  for (let time = 0; time < 3; time += 1) await fail(false);
  expect(attempts.map(({ name }) => name)).toEqual(['socket', 'socket', 'socket', 'http']);
});

test.each([
  ['six attempts that are refused at once', true, 0, 6],
  ['six attempts that are refused at once, however long the page takes for a token', true, 6000, 6],
  ['three attempts that get no answer', false, 0, 3],
])('after a socket that worked, takes HTTP after %s', async (_what, isRefused, tokenMs, sockets) => {
  const token = (): Promise<string> =>
    new Promise((resolve) => void rig.timers.after(tokenMs, () => resolve('a token')));
  const rig = setUp(token);
  const { connector, attempts, newest, timers } = rig;
  const begun = connector.begin();
  await timers.advance(tokenMs);
  await begun;
  newest().events.open();
  newest().events.message(heartbeat);
  connector.ready();
  newest().events.message(ack);
  await timers.advance(11_000);
  newest().events.message(ack);
  newest().events.close({ code: 1006, reason: 'reset' });
  let { length } = attempts;
  for (let step = 0; newest().name === 'socket' && step < 2000; step += 1) {
    await timers.advance(100);
    if (attempts.length === length) continue;
    length = attempts.length;
    if (isRefused && newest().name === 'socket') newest().events.close({ code: 1006, reason: 'refused' });
  }
  expect(attempts.map(({ name }) => name)).toEqual(['socket', ...Array<string>(sockets).fill('socket'), 'http']);
});

test('sends smaller batches, then gives up compression, where the server is heard and nothing is acknowledged', async () => {
  const { connector, attempts, fail } = setUp();
  await connector.begin();
  expect(connector.maxBatchBytes).toBe(64_000);
  for (let time = 0; time < 3; time += 1) await fail(true);
  expect(connector.maxBatchBytes).toBe(4000);
  for (let time = 0; time < 3; time += 1) await fail(true);
  expect(attempts.at(-1)).toMatchObject({ name: 'socket', target: { compressed: false } });
});

test('closes of the server itself do not speak against the transport', async () => {
  const { connector, attempts, fail, newest } = setUp();
  await connector.begin();
  for (let time = 0; time < 5; time += 1) await fail(true, closeCodes.tryAgainLater.code);
  expect(attempts).toHaveLength(6);
  expect(newest().name).toBe('socket');
  expect(connector.maxBatchBytes).toBe(64_000);
});

test('an idle connection that lived for a while counts as good, one with unanswered frames does not', async () => {
  const { connector, newest, timers, attempts } = setUp();
  await connector.begin();
  for (let time = 0; time < 5; time += 1) {
    newest().events.open();
    newest().events.message(heartbeat);
    connector.ready();
    await timers.advance(11_000);
    connector.lost({ code: 1006, reason: '' }, true);
    connector.drop();
    await connector.begin();
  }
  expect(attempts.at(-1)?.name).toBe('socket');
  expect(connector.maxBatchBytes).toBe(64_000);
  for (let time = 0; time < 3; time += 1) {
    newest().events.open();
    newest().events.message(heartbeat);
    connector.ready();
    await timers.advance(11_000);
    connector.lost({ code: 1006, reason: '' }, false);
    connector.drop();
    await connector.begin();
  }
  expect(connector.maxBatchBytes).toBe(4000);
});

test('steps down where small batches are acknowledged and a large one is held back', async () => {
  const { connector, newest, timers, held } = setUp();
  await connector.begin();
  for (let time = 0; time < 3; time += 1) {
    held.back = false;
    newest().events.open();
    newest().events.message(heartbeat);
    connector.ready();
    newest().events.message(ack);
    held.back = true;
    await timers.advance(11_000);
    newest().events.message(ack);
    connector.lost({ code: 1006, reason: 'no heartbeat' }, false);
    connector.drop();
    await connector.begin();
  }
  expect(connector.maxBatchBytes).toBe(4000);
});

test('a slow network proves its transport with each batch, even if an acknowledgement takes more than five seconds', async () => {
  const { connector, timers, sender, welcome, sendFrame, acknowledgeAll, lose } = await setUpWithSender();
  await connector.begin();
  for (let time = 0; time < 3; time += 1) {
    welcome();
    await sendFrame();
    await timers.advance(11_000);
    expect(sender.isHeldBack).toBe(true);
    acknowledgeAll();
    await lose();
  }
  expect(connector.maxBatchBytes).toBe(64_000);
});

test('an outage does not speak against a transport that worked, although the last batch gets no answer', async () => {
  const { connector, timers, sender, welcome, sendFrame, acknowledgeAll, lose } = await setUpWithSender();
  await connector.begin();
  for (let time = 0; time < 3; time += 1) {
    welcome();
    await sendFrame();
    acknowledgeAll();
    await timers.advance(11_000);
    await sendFrame();
    await timers.advance(15_001);
    expect(sender.isHeldBack).toBe(true);
    await lose();
  }
  expect(connector.maxBatchBytes).toBe(64_000);
});

test('tries a socket again while HTTP works, and returns to HTTP after one failure', async () => {
  const { connector, attempts, fail, newest, timers, log } = setUp();
  await connector.begin();
  for (let time = 0; time < 3; time += 1) await fail(false);
  newest().events.open();
  newest().events.message(heartbeat);
  connector.ready();
  newest().events.message(ack);
  await timers.advance(15_000);
  expect(log).toContain('renew');
  expect(attempts.at(-1)?.name).toBe('socket');
  await fail(false);
  expect(attempts.at(-1)?.name).toBe('http');
});

test('a close is the server’s own by its words, by its format, or once its messages came through', async () => {
  const { connector, newest } = setUp();
  await connector.begin();
  const policyViolation = { code: closeCodes.policyViolation.code, reason: '' };
  expect(connector.isFromServer(policyViolation)).toBe(false);
  expect(connector.isFromServer({ ...policyViolation, fromServer: true })).toBe(true);
  expect(connector.isFromServer(closeCodes.sessionEnded)).toBe(true);
  expect(connector.isFromServer({ code: 4000, reason: 'idle timeout' })).toBe(false);
  expect(connector.isFromServer({ code: 4001, reason: '' })).toBe(false);
  newest().events.open();
  newest().events.message(heartbeat);
  expect(connector.isFromServer({ code: 4000, reason: '' })).toBe(true);
  expect(connector.isFromServer(policyViolation)).toBe(true);
  expect(connector.isFromServer({ code: 1006, reason: '' })).toBe(false);
  expect(connector.isFromServer({ code: 1009, reason: '' })).toBe(false);
});

test('replaces a connection before its token expires, without counting that as a failure', async () => {
  const timersNow = 1_800_000_000_000;
  const { connector, newest, timers, log, attempts } = setUp(async () => tokenUntil(timersNow + 600_000));
  await connector.begin();
  newest().events.open();
  connector.ready();
  await timers.advance(569_999);
  expect(log).not.toContain('renew');
  await timers.advance(1);
  await settle();
  expect(log).toContain('renew');
  expect(attempts).toHaveLength(2);
  expect(connector.attempt).toBe(1);
});

test('keeps a connection until the page has a token for the next one, and asks it again', async () => {
  const answers: ('token' | 'none' | 'late')[] = ['token', 'none', 'late'];
  const expiresMs = 1_800_000_600_000;
  const rig = setUp(async () => {
    const answer = answers.shift();
    if (answer === 'none') throw new Error('signed out');
    if (answer === 'late') await new Promise<void>((resolve) => void rig.timers.after(4000, () => resolve()));
    return tokenUntil(expiresMs);
  });
  const { connector, newest, timers, log, attempts } = rig;
  await connector.begin();
  newest().events.open();
  connector.ready();
  await timers.advance(570_000 + 5000 + 3999);
  expect(log).not.toContain('renew');
  expect(attempts[0]!.isClosed).toBe(false);
  await timers.advance(1);
  await settle();
  expect(log).toContain('renew');
  expect(attempts.map(({ isClosed }) => isClosed)).toEqual([true, false]);
});

test('tries a socket again in time although tokens are renewed more often', async () => {
  const rig = setUp(async () => tokenUntil(rig.timers.nowMs() + 20_000));
  const { connector, attempts, newest, timers } = rig;
  const work = (): void => {
    newest().events.open();
    newest().events.message(heartbeat);
    connector.ready();
    newest().events.message(ack);
  };
  await connector.begin();
  for (let time = 0; time < 3; time += 1) await rig.fail(false);
  const http = attempts.length;
  expect(newest().name).toBe('http');
  work();
  await timers.advance(10_000);
  await settle();
  expect(attempts.slice(http - 1).map(({ name }) => name)).toEqual(['http', 'http']);
  work();
  await timers.advance(5000);
  await settle();
  expect(newest().name).toBe('socket');
});

test('asks for one token and makes one attempt where token and transport are due together', async () => {
  let asked = 0;
  const rig = setUp(async () => {
    asked += 1;
    const askedMs = rig.timers.nowMs();
    if (rig.attempts.length === 4) await new Promise<void>((resolve) => void rig.timers.after(2000, () => resolve()));
    return tokenUntil(askedMs + 28_000);
  });
  const { connector, attempts, newest, timers } = rig;
  await connector.begin();
  for (let time = 0; time < 3; time += 1) await rig.fail(false);
  newest().events.open();
  newest().events.message(heartbeat);
  connector.ready();
  newest().events.message(ack);
  expect([newest().name, asked]).toEqual(['http', 4]);
  // The token is due after 14 s, the socket after 15 s, and the page takes 2 s.
  await timers.advance(16_000);
  await settle();
  expect(attempts.slice(3).map(({ name }) => name)).toEqual(['http', 'socket']);
  expect(asked).toBe(5);
});

test('a dropped connection leaves no timer behind', async () => {
  const { connector, newest, timers } = setUp(async () => tokenUntil(1_800_000_600_000));
  await connector.begin();
  newest().events.open();
  connector.ready();
  expect(timers.size).toBeGreaterThan(0);
  connector.drop();
  expect(timers.size).toBe(0);
});
