import { setTimeout as delay } from 'node:timers/promises';
import { createCluster } from 'redis';
import type { RedisScripts } from 'redis';
import type { Logger } from 'pino';
import { probeNodes } from './node-probe.ts';
import { connectTimeoutMs, reconnectStrategy } from './reconnecting.ts';
import { commandOptions, connectionOptions } from './redis-client.ts';
import type { RedisNodes } from './redis-nodes.ts';

/** A node that is reconnecting may have lost its slots to a replica. */
const refreshAfterMs = 1000;
/** Longer than the interval between pings. Without it, a question about the slots to a node that hangs would never end. */
const idleSocketMs = 8000;

/** Logs one line per outage of a node, not per attempt. */
const logOutages = (log: Logger) => {
  const down = new Set<string>();
  return {
    lost(node: string, error: unknown) {
      if (!down.has(node)) log.error({ event: 'redis.lost', node, error });
      down.add(node);
    },
    back(node: string) {
      if (down.delete(node)) log.info({ event: 'redis.back', node });
    },
  };
};

const nameOf = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`;

/**
 * Connections to the primaries of a Redis Cluster, found through any of its nodes. Follows failovers and slots that move. Like `openRedis`, it
 * reconnects for as long as the process runs, and commands for a node that is down fail at once.
 */
export const openRedisCluster = <Scripts extends RedisScripts>(nodes: RedisNodes, scripts: Scripts, log: Logger) => {
  const { username, password, protocol } = new URL(nodes[0]);
  const cluster = createCluster({
    rootNodes: nodes.map((url) => ({ url })),
    scripts,
    commandOptions,
    // A node that is down must not keep the others from being used.
    minimizeConnections: true,
    topologyRefreshOnReconnectionAttemptStrategy: refreshAfterMs,
    defaults: {
      ...connectionOptions,
      maintNotifications: 'disabled',
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      socket: {
        connectTimeout: connectTimeoutMs,
        socketTimeout: idleSocketMs,
        reconnectStrategy,
        ...(protocol === 'rediss:' ? { tls: true as const } : {}),
      },
    },
  });
  const outages = logOutages(log);
  cluster.on('error', (error: unknown) => outages.lost('cluster', error));
  cluster.on('connect', () => outages.back('cluster'));
  cluster.on('node-error', (error: unknown, node: { host: string; port: number }) => outages.lost(nameOf(node), error));
  cluster.on('node-ready', (node: { host: string; port: number }) => outages.back(nameOf(node)));
  const untilConnected = async (): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await cluster.connect();
        break;
      } catch {
        // Logged as an error of the cluster.
        await delay(reconnectStrategy(attempt), undefined, { ref: false });
      }
    }
    await probeNodes(cluster, log);
  };
  void untilConnected();
  return cluster;
};
