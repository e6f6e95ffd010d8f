import { createClient } from 'redis';
import { acceptedRedisNodes, isCluster } from '../../redis/redis-nodes.ts';
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
    const remedy = 'name several of its nodes, separated by commas';
    return [fault('REDIS_URL', 'one node of a Redis Cluster is named, which refuses the keys of the others', remedy)];
  }
  if (!isPart && expectsCluster) {
    const problem = `Redis${at} is not part of a cluster, but several nodes are named`;
    return [fault('REDIS_URL', problem, 'name one Redis, or nodes with cluster-enabled yes')];
  }
  if (!expectsCluster || (await client.clusterInfo()).includes('cluster_state:ok')) return [];
  return [fault('REDIS_URL', `Redis${at} reports that its cluster is down`, 'see CLUSTER INFO and CLUSTER NODES')];
};

const checkNode = async (url: string, now: () => number, expectsCluster: boolean): Promise<ServiceResult> => {
  const client: Client = createClient({ url, socket: { connectTimeout: deadlineMs, reconnectStrategy: false } });
  // The failed call reports the same error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const fromMs = now();
    const [seconds = '0', micros = '0'] = (await client.sendCommand(['TIME'])) as unknown as string[];
    const statedMs = Number(seconds) * 1000 + Number(micros) / 1000;
    const aheadMs = aheadMsOf(statedMs, statedMs, { fromMs, toMs: now() });
    const at = expectsCluster ? ` at ${new URL(url).host}` : '';
    return {
      findings: [...(await checkKind(client, at, expectsCluster)), ...(await checkStorage(client, at))],
      aheadMs,
    };
  } catch (error) {
    return unreachable('REDIS_URL', url, error);
  } finally {
    client.destroy();
  }
};

/**
 * Checks that Redis is reachable, persists acknowledged writes and never evicts; of a cluster, every named node. The time is that of the
 * node whose clock differs most.
 */
export const checkRedis = async (value: string, now: () => number): Promise<ServiceResult> => {
  const nodes = acceptedRedisNodes(value);
  const results = await Promise.all(nodes.map((url) => checkNode(url, now, isCluster(nodes))));
  const times = results.flatMap(({ aheadMs }) => (aheadMs === null ? [] : [aheadMs]));
  return {
    findings: results.flatMap(({ findings }) => findings),
    aheadMs: times.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null,
  };
};
