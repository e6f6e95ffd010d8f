import { Router } from 'express';
import type { ConnectionsReport } from '@invigil/protocol/channels';
import type { AccessControl } from '../../auth/access.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { AlertsConnection } from '../../channels/alerts.ts';
import type { Roster } from '../../replicas/roster.ts';
import { HttpProblem } from '../middleware/answer-problems.ts';
import { principalOf } from '../middleware/request-identity.ts';

export interface ConnectionsRouterOptions {
  connections: Roster<AlertsConnection>;
  authenticator: Authenticator;
  access: AccessControl;
  now: () => number;
}

const everywhere = { examId: null, memberId: null, sessionId: null };

const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));

/** `GET /ws/connections`: who is connected for alerts, over all replicas. */
export const connectionsRouter = ({ connections, authenticator, access, now }: ConnectionsRouterOptions): Router => {
  const router = Router();
  router.get('/connections', async (request, response) => {
    const principal = await principalOf(authenticator, request);
    if (!(await access.allows(principal, 'connections.read', everywhere))) {
      throw new HttpProblem('ACCESS_DENIED', 'this token does not allow that');
    }
    const nowMs = now();
    const listed = connections.all().toSorted((a, b) => a.sinceMs - b.sinceMs);
    const report: ConnectionsReport = {
      total_connections: listed.length,
      connections: listed.map(({ sinceMs, entry }) => ({
        user_id: entry.userId,
        connected: true,
        uptime_seconds: wholeSeconds(nowMs - sinceMs),
        last_heartbeat: new Date(entry.lastHeartbeatMs).toISOString(),
        seconds_since_heartbeat: wholeSeconds(nowMs - entry.lastHeartbeatMs),
      })),
    };
    response.json(report);
  });
  return router;
};
