import { closeCodes } from '@invigil/protocol/channels';
import { isId } from '@invigil/protocol/frame';
import type { Hello } from '@invigil/protocol/channels';
import { tokenOf } from '../auth/authenticator.ts';
import { targetOf } from '../auth/access.ts';
import type { AccessControl } from '../auth/access.ts';
import type { TokenAuthenticator } from '../auth/authenticator.ts';
import type { Principal } from '../model/principal.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import type { Connection } from '../realtime/connection.ts';
import type { Accept, Channel, Refusal } from '../realtime/channel.ts';
import type { Rooms } from '../realtime/rooms.ts';
import type { PhoneCameras } from '../sessions/phone-cameras.ts';
import type { OnSessionConnected } from '../sessions/session-connection.ts';
import type { SessionIntake } from '../sessions/session-intake.ts';
import type { Session } from '../model/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { isoTime } from '../time/iso-time.ts';
import type { ActivePublishers } from './active-publishers.ts';
import { identifyUpgrade, isRefusal } from './identify-upgrade.ts';
import { refuse } from './refuse.ts';

export interface SessionChannelOptions {
  sessions: Sessions;
  intake: SessionIntake;
  rooms: Rooms;
  publishers: ActivePublishers;
  authenticator: Pick<TokenAuthenticator, 'authenticate' | 'ownPrincipalOf'>;
  access: AccessControl;
  heartbeatMs: number;
  now: () => number;
  /** Called for a page's `hello`, before the `welcome`. */
  onHello: (session: Session, connection: Connection) => void;
  cameras: Pick<PhoneCameras, 'connected' | 'heard'>;
  onSessionConnected: OnSessionConnected;
}

export const sessionRoom = (sessionId: string): string => `session:${sessionId}`;

const refusals = {
  badId: refuse('INVALID_MESSAGE', 'invalid session id', 'session_id'),
  denied: refuse('ACCESS_DENIED', 'this token is not for this session'),
  unknown: refuse('SESSION_NOT_FOUND', 'there is no session with this id'),
};

/** `ws /api/v1/session/ws/{session_id}` */
export const sessionChannel = (options: SessionChannelOptions): Channel => ({
  name: 'session',
  path: /^\/api\/v1\/session\/ws\/([^/]+)$/,
  compressed: true,
  async admitOwn(path, request, target) {
    const sessionId = path[1];
    if (!isId(sessionId)) return refusals.badId;
    const principal = await options.authenticator.ownPrincipalOf(tokenOf(request, target));
    return principal === null ? null : admit(options, sessionId, principal);
  },
  async admit(path, request, target) {
    const sessionId = path[1];
    if (!isId(sessionId)) return refusals.badId;
    const principal = await identifyUpgrade(options.authenticator, request, target);
    return isRefusal(principal) ? principal : admit(options, sessionId, principal);
  },
});

const admit = async (
  options: SessionChannelOptions,
  sessionId: string,
  principal: Principal,
): Promise<Accept | Refusal> => {
  const session = await options.sessions.open(sessionId);
  // Without permission, an existing session is indistinguishable from one that does not exist.
  if (session === null) return principal.role === 'ADMIN' ? refusals.unknown : refusals.denied;
  if (!(await options.access.allows(principal, 'session.send', targetOf(session)))) return refusals.denied;
  return accept(options, session, principal);
};

const accept =
  (options: SessionChannelOptions, session: Session, principal: Principal): Accept =>
  (connection) => {
    // Without tokens (AUTH=dev) everybody is the same user, so the budget is the session's.
    if (!connection.identified(session.sessionId)) return;
    if (session.status !== 'running') return void sendEnded(connection, session.sessionId, options.now());
    const { rooms, publishers, heartbeatMs, now, intake, cameras } = options;
    const { sessionId } = session;
    const heartbeat = setInterval(
      () => connection.send({ type: 'heartbeat', session_id: sessionId, timestamp: isoTime(now()) }),
      heartbeatMs,
    ).unref();
    const expiry = closeAtExpiry(connection, principal, now());
    rooms.join(sessionRoom(sessionId), connection);
    const listener = options.onSessionConnected(session, (message) => connection.send(message));
    const onHello = async (hello: Hello): Promise<void> => {
      // Before `take`, so that a crowd's devices are read in one query and announced in one write.
      await cameras.connected(sessionId, principal);
      // `closed` has already run, so nothing would remove this connection later.
      if (!connection.open) return;
      await publishers.take(sessionId, connection);
      listener.onHello(hello);
      options.onHello(session, connection);
    };
    connection.handle({
      async message(text, waitedMs) {
        const { answers, outcome } = await intake.takeText(sessionId, text, { onHello, waitedMs });
        if (outcome === 'accepted') await cameras.heard(principal);
        for (const answer of answers) connection.send(answer);
        if (outcome === 'refused') connection.strike();
        if (outcome === 'ended') connection.close(closeCodes.sessionEnded);
      },
      tooFast(retryAfterMs) {
        connection.sendError({ code: 'RATE_EXCEEDED', message: 'too many messages; this one was dropped' });
        connection.send({ type: 'slow_down', retry_after_ms: retryAfterMs, reason: 'rate' });
      },
      closed() {
        clearInterval(heartbeat);
        clearTimeout(expiry);
        rooms.leave(sessionRoom(sessionId), connection);
        publishers.leave(sessionId, connection);
        listener.onClose();
      },
    });
  };

/** Sends `session_ended` after the replies to accepted messages, then closes. */
export const sendEnded = (connection: Connection, sessionId: string, nowMs: number): Promise<void> =>
  connection.retire(closeCodes.sessionEnded, {
    type: 'session_ended',
    session_id: sessionId,
    timestamp: isoTime(nowMs),
  });
