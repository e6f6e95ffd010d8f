import { Router } from 'express';
import type { ConnectionsReport } from '@invigil/protocol/channels';
import type { AlertsConnection } from '../../alerts/alert-connections.ts';
import type { Roster } from '../../replicas/roster.ts';
import { isoTime } from '../../time/iso-time.ts';
import type { Authorizer } from '../middleware/authorize.ts';

export interface ConnectionsRouterOptions {
  connections: Roster<AlertsConnection>;
  authorizer: Authorizer;
  now: () => number;
}

const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));

/** `GET /ws/connections`: the connections of the alerts channel on all replicas. */
export const connectionsRouter = ({ connections, authorizer, now }: ConnectionsRouterOptions): Router => {
  const router = Router();
  router.get('/connections', async (request, response) => {
    await authorizer.authorize(request, 'connections.read', null);
    const nowMs = now();
    const listed = connections.all().toSorted((a, b) => a.sinceMs - b.sinceMs);
    const report: ConnectionsReport = {
      total_connections: listed.length,
      connections: listed.map(({ sinceMs, entry }) => ({
        user_id: entry.userId,
        connected: true,
        uptime_seconds: wholeSeconds(nowMs - sinceMs),
        last_heartbeat: isoTime(entry.lastHeartbeatMs),
        seconds_since_heartbeat: wholeSeconds(nowMs - entry.lastHeartbeatMs),
      })),
    };
    response.json(report);
  });
  return router;
};
