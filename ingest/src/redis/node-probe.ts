import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { withDeadline } from '../time/with-deadline.ts';
import { warnOfEviction } from './redis-client.ts';
import { needsNewConnection, probePeriodMs, probeTimeoutMs } from './write-probe.ts';

interface NodeConnection {
  readonly isReady: boolean;
  ping(): Promise<unknown>;
  configGet(name: string): Promise<Record<string, string>>;
  destroy(): void;
}

interface ProbedNode {
  readonly address: string;
  /** Absent until the first command for the node. */
  client?: NodeConnection | undefined;
}

/** The parts of a cluster's client that the probe needs. */
interface ProbedCluster {
  readonly isOpen: boolean;
  readonly masters: readonly ProbedNode[];
  readonly _slots: { rediscover(startWith: undefined, excludedAddresses: ReadonlySet<string>): Promise<unknown> };
}

const rejectLate = (): never => {
  throw new Error('no answer in time');
};

/** Whether the node answers, or has not been used. A connection that does not answer is dropped: the next command opens a new one. */
const answers = async (node: ProbedNode, log: Logger): Promise<boolean> => {
  const { client } = node;
  if (client === undefined) return true;
  if (!client.isReady) return false;
  try {
    await withDeadline(client.ping(), probeTimeoutMs, rejectLate);
    return true;
  } catch (error) {
    if (!needsNewConnection(error)) return true;
    log.warn({ event: 'redis.reconnecting', node: node.address, error });
    if (node.client === client) node.client = undefined;
    client.destroy();
    return false;
  }
};

/**
 * Asks each primary for a sign of life periodically until the client is closed. The driver looks for new primaries when a connection
 * breaks; one that stays open to a server that hangs, or to nothing, would keep it at the old one.
 */
export const probeNodes = async (cluster: ProbedCluster, log: Logger): Promise<void> => {
  const known = new Set<string>();
  while (cluster.isOpen) {
    await delay(probePeriodMs, undefined, { ref: false });
    const { masters } = cluster;
    const silent = await Promise.all(masters.map(async (node) => ((await answers(node, log)) ? [] : [node.address])));
    if (!cluster.isOpen) return;
    const excluded = new Set(silent.flat());
    if (excluded.size > 0) {
      // The driver has no public call for this.
      await cluster._slots
        .rediscover(undefined, excluded)
        .catch((error: unknown) => log.debug({ event: 'redis.slots_unknown', error }));
    }
    for (const { address, client } of cluster.masters) {
      if (client?.isReady !== true || known.has(address)) continue;
      known.add(address);
      void warnOfEviction(client, log);
    }
  }
};
