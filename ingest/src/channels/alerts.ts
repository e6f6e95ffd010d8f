import * as v from 'valibot';
import { AlertsClientMessageSchema, closeCodes } from '@invigil/protocol/channels';
import { isId } from '@invigil/protocol/frame';
import type { AlertService } from '../alerts/alert-service.ts';
import type { AccessControl } from '../auth/access.ts';
import { tokenOf } from '../auth/authenticator.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { AlertsTimings } from '../config/channel-timings.ts';
import type { Principal } from '../model/principal.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { closeAtExpiry } from '../realtime/close-at-expiry.ts';
import type { Connection } from '../realtime/connection.ts';
import type { Accept, Channel, Refusal } from '../realtime/channel.ts';
import { parseJson } from '../realtime/parse-json.ts';
import type { Roster } from '../replicas/roster.ts';
import { ConnectionOrder, isBefore } from './connection-order.ts';
import { isoTime } from '../time/iso-time.ts';

/** One proctor's connection, as every replica knows it. */
export interface AlertsConnection {
  userId: string;
  lastHeartbeatMs: number;
}

export interface AlertsChannelOptions {
  alerts: AlertService;
  connections: Roster<AlertsConnection>;
  bus: Bus;
  authenticator: Authenticator;
  access: AccessControl;
  timings: AlertsTimings;
  now: () => number;
}

const refusals = {
  badId: {
    problem: { code: 'INVALID_MESSAGE', message: 'not a user id', field: 'user_id' },
    close: closeCodes.policyViolation,
  },
  badToken: {
    problem: { code: 'AUTH_FAILED', message: 'the token is missing, wrong or expired' },
    close: closeCodes.policyViolation,
  },
  denied: {
    problem: { code: 'ACCESS_DENIED', message: 'this token is not for this user’s alerts' },
    close: closeCodes.policyViolation,
  },
} as const satisfies Record<string, Refusal>;

/** `ws /ws/alerts/{user_id}?token=` */
export const alertsChannel = (options: AlertsChannelOptions): Channel => {
  const order = new ConnectionOrder(options.now);
  return {
    name: 'alerts',
    path: /^\/ws\/alerts\/([^/]+)$/,
    // The channel has its own pings.
    limits: { silenceMs: Infinity },
    async admit(path, request, url) {
      const userId = path[1];
      if (!isId(userId)) return refusals.badId;
      const principal = await options.authenticator.principalOf(tokenOf(request, url));
      if (principal === null) return refusals.badToken;
      const target = { examId: null, memberId: userId, sessionId: null };
      if (!(await options.access.allows(principal, 'alerts.receive', target))) return refusals.denied;
      return accept(options, order, { ...principal, userId });
    },
  };
};

const accept =
  (options: AlertsChannelOptions, order: ConnectionOrder, principal: Principal): Accept =>
  (connection) => {
    const { alerts, bus, timings, now } = options;
    const { userId } = principal;
    const arrival = order.next();
    const connectionId = arrival.id;
    const nowIso = (): string => isoTime(now());
    let lastHeartbeatMs = now();
    let leave: (() => void) | null = null;

    // One connection for each user: the newest, on whichever replica it is.
    const arrived = bus.subscribe(topics.alertsArrival, [userId], ({ at_ms: atMs, id }) => {
      // When two arrive at once on two replicas, the message about the older one may come second.
      if (isBefore(arrival, { atMs, id })) connection.close(closeCodes.replaced);
    });
    bus.publish(topics.alertsArrival, [userId], { at_ms: arrival.atMs, id: arrival.id });

    const beat = (): void => {
      lastHeartbeatMs = now();
      options.connections.set(connectionId, { userId, lastHeartbeatMs });
    };
    beat();
    const expiry = closeAtExpiry(connection, principal, now());
    const pinging = setInterval(() => {
      if (now() - lastHeartbeatMs >= timings.timeoutMs) return connection.close(closeCodes.heartbeatTimeout);
      connection.send({ type: 'ping', timestamp: nowIso() });
    }, timings.pingEveryMs).unref();

    connection.handle({
      message: (text) => take(text),
      tooFast: () =>
        connection.sendError({ code: 'RATE_EXCEEDED', message: 'too many messages; this one was dropped' }),
      closed() {
        clearInterval(pinging);
        clearTimeout(expiry);
        arrived.close();
        options.connections.delete(connectionId);
        leave?.();
      },
    });
    connectTo(connection).catch(() => connection.close(closeCodes.tryAgainLater));

    async function connectTo({ open }: Connection): Promise<void> {
      if (!open) return;
      const left = await alerts.connect({ principal, send: (message) => connection.send(message) });
      // The connection may have closed while its alerts were read.
      if (connection.open) leave = left;
      else left();
    }

    async function take(text: string): Promise<void> {
      const parsed = v.safeParse(AlertsClientMessageSchema, parseJson(text));
      if (!parsed.success) {
        connection.sendError({ code: 'INVALID_MESSAGE', message: 'expected ping, pong, or ack with stream_id' });
        return connection.strike();
      }
      const message = parsed.output;
      if (message.type === 'ack') {
        const taken = await alerts.acknowledge(principal, message.stream_id, message.alert_id ?? null);
        if (!taken) connection.sendError({ code: 'ACCESS_DENIED', message: 'no such stream for this proctor' });
        return;
      }
      beat();
      if (message.type === 'ping') connection.send({ type: 'pong', timestamp: nowIso() });
    }
  };
