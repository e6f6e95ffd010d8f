import { createClient } from 'redis';
import { acceptedRedisNodes, isCluster } from '../../redis/redis-nodes.ts';
import type { RedisNodes } from '../../redis/redis-nodes.ts';
import { fault, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { aheadMsOf, deadlineMs, unreachable } from './service-checks.ts';
import type { ServiceResult } from './service-checks.ts';

type Client = ReturnType<typeof createClient>;

/** Undefined if it cannot be read: hosted services often forbid CONFIG GET. */
const settingOf = async (client: Client, name: string): Promise<string | undefined> => {
  try {
    return (await client.configGet(name))[name];
  } catch {
    return undefined;
  }
};

const checkStorage = async (client: Client, at: string): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const policy = await settingOf(client, 'maxmemory-policy');
  if (policy !== undefined && policy !== 'noeviction') {
    const problem = `Redis${at} deletes frames when its memory is full (maxmemory-policy ${policy})`;
    findings.push(fault('REDIS_URL', problem, 'set maxmemory-policy noeviction'));
  }
  if ((await settingOf(client, 'appendonly')) === 'no') {
    const problem = `Redis${at} loses running sessions’ frames when it restarts (appendonly no)`;
    findings.push(warning('REDIS_URL', problem, 'set appendonly yes'));
  }
  return findings;
};

/** Whether the node is what the settings say: a single Redis, or part of a cluster that serves every slot. */
const checkKind = async (client: Client, at: string, expectsCluster: boolean): Promise<Finding[]> => {
  const isPart = (await client.info('cluster')).includes('cluster_enabled:1');
  if (isPart && !expectsCluster) {
    const problem = 'names one node of a Redis Cluster; it refuses keys that other nodes hold';
    return [fault('REDIS_URL', problem, 'name several of its nodes, separated by commas')];
  }
  if (!isPart && expectsCluster) {
    const problem = `Redis${at} is not part of a cluster, but several nodes are named`;
    return [fault('REDIS_URL', problem, 'name one Redis, or nodes with cluster-enabled yes')];
  }
  if (!expectsCluster || (await client.clusterInfo()).includes('cluster_state:ok')) return [];
  return [fault('REDIS_URL', `Redis${at} reports that its cluster is down`, 'see CLUSTER INFO and CLUSTER NODES')];
};

/** A connection for one check. */
const withClient = async <Result>(url: string, use: (client: Client) => Promise<Result>): Promise<Result> => {
  const client: Client = createClient({ url, socket: { connectTimeout: deadlineMs, reconnectStrategy: false } });
  // The failed call reports the same error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.destroy();
  }
};

const checkNode = async (url: string, now: () => number, expectsCluster: boolean): Promise<ServiceResult> => {
  try {
    return await withClient(url, async (client) => {
      const fromMs = now();
      const [seconds = '0', micros = '0'] = (await client.sendCommand(['TIME'])) as unknown as string[];
      const statedMs = Number(seconds) * 1000 + Number(micros) / 1000;
      const aheadMs = aheadMsOf(statedMs, statedMs, { fromMs, toMs: now() });
      const at = expectsCluster ? ` at ${new URL(url).host}` : '';
      return {
        findings: [...(await checkKind(client, at, expectsCluster)), ...(await checkStorage(client, at))],
        aheadMs,
      };
    });
  } catch (error) {
    return unreachable('REDIS_URL', url, error);
  }
};

/** The primaries that serve slots, with the scheme, user and password of the node that lists them. */
const primariesOf = (url: string): Promise<string[]> =>
  withClient(url, async (client) => {
    const addresses = (await client.clusterSlots()).map(({ master: { host, port } }) => {
      const primary = new URL(url);
      if (host !== '') primary.hostname = host.includes(':') ? `[${host}]` : host;
      primary.port = String(port);
      return primary.href;
    });
    return [...new Set(addresses)];
  });

/** Whether a primary has as many replicas as must store each frame. With fewer, no frame is acknowledged. */
const checkReplicas = (url: string, required: number, at: string): Promise<Finding[]> =>
  withClient(url, async (client) => {
    const { replicas } = (await client.role()) ?? {};
    if (replicas === undefined || replicas.length >= required) return [];
    const connected = `${replicas.length} connected ${replicas.length === 1 ? 'replica' : 'replicas'}`;
    const problem = `is ${required}, but Redis${at} has ${connected}, so no frame on it is acknowledged`;
    return [fault('REDIS_WAIT_REPLICAS', problem, 'connect more replicas, or lower REDIS_WAIT_REPLICAS')];
  });

const checkAllReplicas = async (nodes: RedisNodes, required: number): Promise<Finding[]> => {
  if (required === 0) return [];
  if (!isCluster(nodes)) return await checkReplicas(nodes[0], required, '').catch(() => []);
  // Nodes that do not answer, and nodes without a cluster, have been reported.
  const primaries = await Promise.any(nodes.map(primariesOf)).catch(() => []);
  const checks = primaries.map((url) =>
    checkReplicas(url, required, ` at ${new URL(url).host}`).catch(
      (error: unknown) => unreachable('REDIS_URL', url, error).findings,
    ),
  );
  return (await Promise.all(checks)).flat();
};

/**
 * Checks that Redis is reachable, persists acknowledged writes and never evicts; of a cluster, every named node; and that every primary has the
 * replicas that `REDIS_WAIT_REPLICAS` requires. The time is that of the node whose clock differs most.
 */
export const checkRedis = async (value: string, waitReplicas: number, now: () => number): Promise<ServiceResult> => {
  const nodes = acceptedRedisNodes(value);
  const results = await Promise.all(nodes.map((url) => checkNode(url, now, isCluster(nodes))));
  const times = results.flatMap(({ aheadMs }) => (aheadMs === null ? [] : [aheadMs]));
  return {
    findings: [...results.flatMap(({ findings }) => findings), ...(await checkAllReplicas(nodes, waitReplicas))],
    aheadMs: times.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null,
  };
};
