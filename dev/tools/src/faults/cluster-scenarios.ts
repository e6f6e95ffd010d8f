import { setTimeout as delay } from 'node:timers/promises';
import { RedisCluster } from '@invigil/testkit/services/redis-cluster';
import type { ClusterNode } from '@invigil/testkit/services/redis-cluster';
import { NodeClient } from './node-client.ts';
import { outcomeOf, sum } from './outcome.ts';
import type { FaultScenario } from './scenario.ts';

const frameEveryMs = 100;
/** Less than the cluster's timeout, so that the suspended replica is still trusted. */
const suspendedMs = 1500;

const replicaOf = async (cluster: RedisCluster, primary: ClusterNode): Promise<ClusterNode> => {
  for (const node of cluster.nodes) {
    const [role, , port] = (await cluster.command(node.port, 'ROLE')).split('\n');
    if (role === 'slave' && Number(port) === primary.port) return node;
  }
  throw new Error('the primary has no replica');
};

/**
 * A primary is killed under load while its replica is cut off: what the primary alone has is lost. With `REDIS_WAIT_REPLICAS=1`, no such frame
 * was acknowledged.
 */
export const clusterFailover: FaultScenario = async ({ startServer, onEnd, isShort }) => {
  const cluster = await RedisCluster.start({ nodes: 6 });
  onEnd(() => cluster.stop());
  const server = await startServer({ REDIS_URL: cluster.url, REDIS_WAIT_REPLICAS: '1' });
  const clients: NodeClient[] = [];
  for (let index = 0; index < (isShort ? 6 : 60); index += 1) {
    clients.push(await NodeClient.open(server.url, `failover-${index}`));
  }
  const recording = setInterval(() => {
    for (const client of clients) client.record();
  }, frameEveryMs);
  onEnd(() => clearInterval(recording));
  await delay(2000);
  const primary = await cluster.primaryOf('frames_state:{failover-0}');
  const replica = await replicaOf(cluster, primary);
  replica.service.pause();
  // Its socket would keep what the primary sends meanwhile.
  await cluster.command(primary.port, 'CLIENT', 'KILL', 'TYPE', 'replica');
  await delay(suspendedMs);
  await primary.service.stop();
  replica.service.resume();
  while (!(await cluster.isPrimary(replica))) await delay(100);
  await primary.service.start();
  await cluster.untilOk();
  await delay(2000);
  clearInterval(recording);
  const outcomes: ReturnType<typeof outcomeOf>[] = [];
  for (const [index, client] of clients.entries()) {
    const produced = await client.finish();
    outcomes.push(outcomeOf(produced, await server.endAndRead(`failover-${index}`)));
  }
  return sum(outcomes);
};
