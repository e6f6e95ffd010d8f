import * as v from 'valibot';
import { AlertsClientMessageSchema, closeCodes } from '@invigil/protocol/channels';
import { isId } from '@invigil/protocol/frame';
import type { AlertConnections } from '../alerts/alert-connections.ts';
import type { AlertService } from '../alerts/alert-service.ts';
import type { AccessControl } from '../auth/access.ts';
import type { TokenAuthenticator } from '../auth/authenticator.ts';
import type { AlertsTimings } from '../config/channel-timings.ts';
import { ownerOf } from '../model/principal.ts';
import type { Principal } from '../model/principal.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import type { Connection } from '../realtime/connection.ts';
import type { Accept, Channel } from '../realtime/channel.ts';
import { parseJson } from '../realtime/parse-json.ts';
import { isoTime } from '../time/iso-time.ts';
import { identifyUpgrade, isRefusal } from './identify-upgrade.ts';
import { refuse } from './refuse.ts';

export interface AlertsChannelOptions {
  alerts: AlertService;
  connections: AlertConnections;
  authenticator: Pick<TokenAuthenticator, 'authenticate'>;
  access: AccessControl;
  timings: AlertsTimings;
  now: () => number;
}

const refusals = {
  badId: refuse('INVALID_MESSAGE', 'invalid user id', 'user_id'),
  denied: refuse('ACCESS_DENIED', 'this token is not for this user’s alerts'),
};

/** `ws /ws/alerts/{user_id}?token=` */
export const alertsChannel = (options: AlertsChannelOptions): Channel => ({
  name: 'alerts',
  path: /^\/ws\/alerts\/([^/]+)$/,
  // The channel has its own pings.
  limits: { silenceMs: Infinity },
  async admit(path, request, target) {
    const userId = path[1];
    if (!isId(userId)) return refusals.badId;
    const principal = await identifyUpgrade(options.authenticator, request, target);
    if (isRefusal(principal)) return principal;
    const alerts = { examId: null, memberId: userId, sessionId: null };
    if (!(await options.access.allows(principal, 'alerts.receive', alerts))) return refusals.denied;
    return accept(options, { ...principal, userId });
  },
});

const accept =
  (options: AlertsChannelOptions, principal: Principal): Accept =>
  (connection) => {
    if (!connection.identified(ownerOf(principal))) return;
    const { alerts, connections, timings, now } = options;
    const nowIso = (): string => isoTime(now());
    let lastHeartbeatMs = now();
    const own = connections.open(principal.userId, () => connection.close(closeCodes.replaced));
    const expiry = closeAtExpiry(connection, principal, now());
    const pinging = setInterval(() => {
      if (now() - lastHeartbeatMs >= timings.timeoutMs) return connection.close(closeCodes.heartbeatTimeout);
      connection.send({ type: 'ping', timestamp: nowIso() });
    }, timings.pingEveryMs).unref();
    const subscribing = subscribe(alerts, connection, principal);

    connection.handle({
      async message(text) {
        const message = readMessage(connection, text);
        if (message === null) return;
        if (message.type === 'ack') return acknowledge(alerts, connection, principal, message);
        lastHeartbeatMs = now();
        own.beat();
        if (message.type === 'ping') connection.send({ type: 'pong', timestamp: nowIso() });
      },
      tooFast: () =>
        connection.sendError({ code: 'RATE_EXCEEDED', message: 'too many messages; this one was dropped' }),
      closed() {
        clearInterval(pinging);
        clearTimeout(expiry);
        own.close();
        void subscribing.then((unsubscribe) => unsubscribe());
      },
    });
  };

type Message = v.InferOutput<typeof AlertsClientMessageSchema>;

/** Sends the open alerts, then every new one. If they cannot be read, the client is asked to reconnect. @returns unsubscribes. */
const subscribe = async (alerts: AlertService, connection: Connection, principal: Principal): Promise<() => void> => {
  try {
    return await alerts.connect({ principal, send: (message) => connection.send(message) });
  } catch {
    connection.close(closeCodes.tryAgainLater);
    return () => undefined;
  }
};

/** Null if the message is invalid; the client has then received an error. */
const readMessage = (connection: Connection, text: string): Message | null => {
  const parsed = v.safeParse(AlertsClientMessageSchema, parseJson(text));
  if (parsed.success) return parsed.output;
  connection.sendError({ code: 'INVALID_MESSAGE', message: 'expected ping, pong, or ack with stream_id' });
  connection.strike();
  return null;
};

const acknowledge = async (
  alerts: AlertService,
  connection: Connection,
  principal: Principal,
  { stream_id: sessionId, alert_id: alertId, outcome, note }: Extract<Message, { type: 'ack' }>,
): Promise<void> => {
  const isAllowed = await alerts.acknowledge(principal, {
    sessionId,
    alertId: alertId ?? null,
    outcome: outcome ?? null,
    note: note ?? null,
  });
  if (!isAllowed) connection.sendError({ code: 'ACCESS_DENIED', message: 'no such stream for this proctor' });
};
