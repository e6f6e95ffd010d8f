import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from 'redis';
import type { RedisClientType } from 'redis';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { CommandError } from '../../command/command-line.ts';
import { Child } from './child.ts';
import type { ChildOptions } from './child.ts';
import type { CpuTimes } from './cpu-times.ts';
import type { GeneratorAnswers, LoopDelay, ProgressNote, ServerAnswers, ServerKind } from './questions.ts';

export interface BenchServer {
  child: Child<ServerAnswers>;
  origin: string;
  kind: ServerKind;
}

interface BenchRedis {
  url: string;
  stop: () => Promise<void>;
}

const ownRedis = (): Promise<BenchRedis> =>
  startRedis().catch((error: unknown) => {
    throw new CommandError(`redis-server cannot be started (${String(error)}). Install it, or set --redis URL`);
  });

/** More than a student may send, so that the server's capacity is the limit. */
const noStudentLimits = {
  MAX_MESSAGES_PER_SECOND: '10000',
  MAX_MESSAGE_BURST: '100000',
  MAX_BYTES_PER_SECOND: '1000000000',
};

/** The programs of one run: Redis, the servers under test and the generator of their load. */
export class Bench {
  readonly generator: Child<GeneratorAnswers>;
  readonly #redis: BenchRedis;
  readonly #client: RedisClientType;
  readonly #folder: string;
  readonly #profileFolder: string | null;
  #running: Child<ServerAnswers>[] = [];
  #folders = 0;

  private constructor(parts: {
    generator: Child<GeneratorAnswers>;
    redis: BenchRedis;
    client: RedisClientType;
    folder: string;
    profileFolder: string | null;
  }) {
    this.generator = parts.generator;
    this.#redis = parts.redis;
    this.#client = parts.client;
    this.#folder = parts.folder;
    this.#profileFolder = parts.profileFolder;
  }

  /** @throws CommandError if the Redis of `--redis` holds frames, because a run deletes them */
  static async open(options: { redisUrl: string | null; profileFolder: string | null }): Promise<Bench> {
    const { redisUrl } = options;
    const redis = redisUrl === null ? await ownRedis() : { url: redisUrl, stop: () => Promise.resolve() };
    const client: RedisClientType = createClient({ url: redis.url });
    client.on('error', () => undefined);
    await client.connect();
    if (redisUrl !== null && (await client.keys('frame*')).length > 0) {
      client.destroy();
      throw new CommandError('--redis: it holds frames, which a run would delete. Use an empty one');
    }
    const generator = await Child.start<GeneratorAnswers>('generator', { isBuilt: true });
    const folder = await mkdtemp(join(tmpdir(), 'invigil-bench-'));
    const profileFolder = options.profileFolder === null ? null : resolve(options.profileFolder);
    return new Bench({ generator, redis, client, folder, profileFolder });
  }

  /** @param folder shared with other replicas of that name */
  startInvigil({
    cores,
    folder = `alone-${this.#folders++}`,
  }: { cores?: string; folder?: string } = {}): Promise<BenchServer> {
    return this.#start('invigil', 'invigil-server', {
      cores,
      isBuilt: true,
      environment: {
        HOST: '127.0.0.1',
        PORT: '0',
        AUTH: 'dev',
        DATA_DIR: join(this.#folder, folder),
        DUMP_DIR: join(this.#folder, 'dumps'),
        REDIS_URL: this.#redis.url,
        LOG_LEVEL: 'error',
        ...noStudentLimits,
      },
    });
  }

  startBare(): Promise<BenchServer> {
    return this.#start('bare', 'bare-server', { environment: { REDIS_URL: this.#redis.url } });
  }

  async #start(kind: ServerKind, program: string, options: ChildOptions): Promise<BenchServer> {
    const child = await Child.start<ServerAnswers>(program, options);
    this.#running.push(child);
    return { child, origin: `http://127.0.0.1:${child.facts.port}`, kind };
  }

  onProgress(listener: (note: ProgressNote) => void): void {
    this.generator.onProgress = listener;
  }

  /** Runs `work`; if a profile was requested, writes the server's CPU profile of that time to `name`.cpuprofile. */
  async profiled<T>({ child }: BenchServer, name: string, work: () => Promise<T>): Promise<T> {
    if (this.#profileFolder === null) return work();
    await child.ask('startProfile', {});
    const result = await work();
    await child.ask('stopProfile', { file: join(this.#profileFolder, `${name}.cpuprofile`) });
    return result;
  }

  /** Removes the frames that earlier measurements left behind. */
  async emptyRedis(): Promise<void> {
    for await (const keys of this.#client.scanIterator({ MATCH: 'frame*', COUNT: 5000 })) {
      if (keys.length > 0) await this.#client.unlink(keys);
    }
  }

  async redisBytes(): Promise<number> {
    return Number(/^used_memory:(\d+)/m.exec(await this.#client.info('memory'))?.[1] ?? 0);
  }

  async #redisCpuMs(): Promise<number> {
    const text = await this.#client.info('cpu');
    const seconds = (name: string): number => Number(new RegExp(`^${name}:(.+)$`, 'm').exec(text)?.[1] ?? 0);
    return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1000;
  }

  /** CPU milliseconds that servers, Redis and generator have used so far. */
  async cpu(servers: readonly BenchServer[]): Promise<CpuTimes> {
    const [redisMs, { cpuMs: generatorMs }, ...each] = await Promise.all([
      this.#redisCpuMs(),
      this.generator.ask('cpu', {}),
      ...servers.map(({ child }) => child.ask('cpu', {})),
    ]);
    return { atMs: performance.now(), serversMs: each.map(({ cpuMs }) => cpuMs), redisMs, generatorMs };
  }

  /** The event loop delay of the first server since the last question. */
  async loopDelay([server]: readonly BenchServer[]): Promise<LoopDelay> {
    if (server === undefined) throw new Error('no server to measure');
    return server.child.ask('loopDelay', {});
  }

  async stop(server: BenchServer): Promise<void> {
    this.#running = this.#running.filter((child) => child !== server.child);
    await server.child.stop();
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((child) => child.stop()));
    await this.generator.stop();
    await this.#client.close();
    await this.#redis.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
