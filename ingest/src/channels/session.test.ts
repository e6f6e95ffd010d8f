import { once } from 'node:events';
import { closeCodes } from '@invigil/protocol/channels';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { localBus } from '../../test/local-bus.ts';
import { serveChannels } from '../../test/serve-channels.ts';
import { AccessControl } from '../auth/access.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import type { Principal } from '../model/principal.ts';
import type { Session } from '../model/session.ts';
import { Rooms } from '../realtime/rooms.ts';
import type { MessageReceipt } from '../sessions/session-intake.ts';
import { ActivePublishers } from './active-publishers.ts';
import { sessionChannel } from './session.ts';
import type { SessionChannelOptions } from './session.ts';

const session: Session = {
  sessionId: 's1',
  examId: null,
  memberId: 'ada',
  status: 'running',
  startedAt: new Date().toISOString(),
  endedAt: null,
};
const ada: Principal = { userId: 'ada', role: 'STUDENT', sessionId: 's1', examId: null, expiresAtMs: null };

test('a connection whose device cannot be recorded, or which closes meanwhile, replaces no other', async () => {
  const bus = localBus();
  const publishers = new ActivePublishers(bus, Date.now);
  let isAway = false;
  let recorded = Promise.resolve();
  let answered = 0;
  /** Answers a `hello` as `SessionIntake` does. */
  const takeText = async (_id: string, _text: string, { onHello }: MessageReceipt) => {
    try {
      await onHello?.({ type: 'hello', client_time_ms: 0 });
      return { answers: [{ type: 'pong', timestamp: 'welcome' } as const], outcome: 'accepted' as const };
    } catch {
      return { answers: [{ type: 'pong', timestamp: 'unavailable' } as const], outcome: 'unavailable' as const };
    } finally {
      answered += 1;
    }
  };
  const channel = sessionChannel({
    sessions: { open: async () => session },
    intake: { takeText },
    rooms: new Rooms(),
    publishers,
    authenticator: { ownPrincipalOf: async () => ada },
    access: new AccessControl({ teachersOf: async () => null, isEnrolled: async () => true }),
    heartbeatMs: 60_000,
    now: Date.now,
    onHello: () => undefined,
    cameras: {
      async connected() {
        if (isAway) throw recordsUnavailable('away');
        await recorded;
      },
      heard: async () => undefined,
    },
    onSessionConnected: () => ({ onHello: () => undefined, onClose: () => undefined }),
  } as unknown as SessionChannelOptions);
  const origin = await serveChannels([channel]);
  onTestFinished(() => bus.close());
  const greet = async (): Promise<[WebSocket, string]> => {
    const socket = new WebSocket(`${origin}/api/v1/session/ws/s1`);
    socket.on('open', () => socket.send('{"type":"hello"}'));
    const [message] = (await once(socket, 'message')) as [Buffer];
    return [socket, (JSON.parse(message.toString()) as { timestamp: string }).timestamp];
  };

  const [first, answer] = await greet();
  expect([answer, publishers.of('s1').length]).toEqual(['welcome', 1]);
  isAway = true;
  expect((await greet())[1]).toBe('unavailable');
  expect([first.readyState, publishers.of('s1').length]).toEqual([WebSocket.OPEN, 1]);
  isAway = false;
  const closed = once(first, 'close');
  const [second] = await greet();
  expect((await closed)[0]).toBe(closeCodes.replaced.code);

  let onRecorded = (): void => undefined;
  recorded = new Promise((resolve) => (onRecorded = resolve));
  const gone = new WebSocket(`${origin}/api/v1/session/ws/s1`);
  await once(gone, 'open');
  gone.send('{"type":"hello"}');
  gone.close();
  await once(gone, 'close');
  onRecorded();
  await expect.poll(() => answered).toBe(4);
  expect([second.readyState, publishers.of('s1').length]).toEqual([WebSocket.OPEN, 1]);
});
