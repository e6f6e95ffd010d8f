import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ChildService } from './child-service.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
/** Nodes talk to each other on their port plus this (the default of Redis). */
const busPortOffset = 10_000;
const pollMs = 50;

const freePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort(busPortOffset));
  return [...ports];
};

/** A node of a cluster, which can be killed, suspended and restarted. It keeps its identity and data in its folder. */
export interface ClusterNode {
  readonly port: number;
  readonly service: ChildService;
}

export interface ClusterOptions {
  /** Three for a cluster without replicas, six for one replica of each primary. */
  nodes: 3 | 6;
  /** How long a node may be silent before the others replace it. */
  nodeTimeoutMs?: number;
}

/** A real Redis Cluster on loopback. */
export class RedisCluster {
  readonly nodes: readonly ClusterNode[];
  readonly #folder: string;

  private constructor(nodes: readonly ClusterNode[], folder: string) {
    this.nodes = nodes;
    this.#folder = folder;
  }

  static async start({ nodes: count, nodeTimeoutMs = 2000 }: ClusterOptions): Promise<RedisCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-cluster-'));
    const nodes = (await freePorts(count)).map((port) => ({
      port,
      service: new ChildService(port, nodeCommand(port, folder, nodeTimeoutMs)),
    }));
    await Promise.all(nodes.map(({ service }) => service.start()));
    const cluster = new RedisCluster(nodes, folder);
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    const replicas = count === 6 ? ['--cluster-replicas', '1'] : [];
    await run('redis-cli', ['--cluster', 'create', ...addresses, ...replicas, '--cluster-yes']);
    await cluster.untilOk();
    return cluster;
  }

  /** The value of REDIS_URL. */
  get url(): string {
    return this.nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(',');
  }

  /** Runs a command on one node and returns its output. */
  async command(port: number, ...words: readonly string[]): Promise<string> {
    const { stdout } = await run('redis-cli', ['-p', String(port), ...words]);
    return stdout.trim();
  }

  async isPrimary({ port }: ClusterNode): Promise<boolean> {
    return (await this.command(port, 'ROLE').catch(() => '')).startsWith('master');
  }

  /** The node that has a key now. */
  async primaryOf(key: string): Promise<ClusterNode> {
    for (const node of this.nodes) {
      // Every other node, a replica too, answers with MOVED.
      const answer = await this.command(node.port, 'EXISTS', key).catch(() => 'MOVED');
      if (!answer.includes('MOVED') && !answer.includes('CLUSTERDOWN')) return node;
    }
    throw new Error(`no node has ${key}`);
  }

  /** Moves the slot of a key to a primary that does not have it, with everything in it. Returns the slot. */
  async moveSlotOf(key: string, to: ClusterNode): Promise<number> {
    const from = await this.primaryOf(key);
    const slot = await this.command(from.port, 'CLUSTER', 'KEYSLOT', key);
    const [fromId, toId] = [
      await this.command(from.port, 'CLUSTER', 'MYID'),
      await this.command(to.port, 'CLUSTER', 'MYID'),
    ];
    await this.command(to.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await this.command(from.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    for (;;) {
      const keys = (await this.command(from.port, 'CLUSTER', 'GETKEYSINSLOT', slot, '50')).split('\n').filter(Boolean);
      if (keys.length === 0) break;
      await this.command(from.port, 'MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
    }
    for (const node of this.nodes) {
      if (await this.isPrimary(node)) await this.command(node.port, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    }
    return Number(slot);
  }

  /** Until every slot is served and every replica follows its primary. */
  async untilOk(withinMs = 30_000): Promise<void> {
    const untilMs = Date.now() + withinMs;
    while (!(await this.#isOk())) {
      if (Date.now() > untilMs) throw new Error('the cluster did not become ready');
      await delay(pollMs);
    }
  }

  async #isOk(): Promise<boolean> {
    const states = await Promise.all(
      this.nodes.map(async ({ port }) => {
        const info = await this.command(port, 'CLUSTER', 'INFO').catch(() => '');
        const replication = await this.command(port, 'INFO', 'replication').catch(() => '');
        const follows = replication.includes('role:master') || replication.includes('master_link_status:up');
        return info.includes('cluster_state:ok') && info.includes(`known_nodes:${this.nodes.length}`) && follows;
      }),
    );
    return states.every(Boolean);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ service }) => service.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const nodeCommand = (port: number, folder: string, nodeTimeoutMs: number): [string, ...string[]] => [
  'redis-server',
  '--port',
  String(port),
  '--bind',
  '127.0.0.1',
  '--dir',
  folder,
  '--save',
  '',
  '--cluster-enabled',
  'yes',
  '--cluster-config-file',
  `nodes-${port}.conf`,
  '--cluster-node-timeout',
  String(nodeTimeoutMs),
  '--appendonly',
  'yes',
  '--appenddirname',
  `aof-${port}`,
  '--dbfilename',
  `dump-${port}.rdb`,
];
