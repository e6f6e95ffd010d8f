import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from 'redis';
import type { RedisClientType } from 'redis';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { startServer } from '@invigil/testkit/server/server-process';
import { CommandError } from '../../command/command-line.ts';
import type { BenchOptions } from './options.ts';
import { Child } from './child.ts';
import type { ChildOptions } from './child.ts';
import type { CpuTimes } from './cpu-times.ts';
import { treeCpuMs } from './process-tree.ts';
import { productionFlags } from './production-flags.ts';
import type {
  BareWork,
  GeneratorAnswers,
  LoopDelay,
  ProgressNote,
  ServerAnswers,
  ServerKind,
  StartQuestion,
} from './questions.ts';
import type { Usage } from './usage.ts';

export interface BenchServer {
  child: Child<ServerAnswers>;
  origin: string;
  kind: ServerKind;
}

/** The server program, with all of its worker processes. */
export interface WorkersServer {
  origin: string;
  pid: number;
  stop(): Promise<unknown>;
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

/** Of the users' tokens, where they are checked. */
export const tokenSecret = 'a secret of the benchmark, which is long enough for HS256';

/** The programs of one run: Redis, the servers under test and the generator of their load. */
export class Bench {
  readonly generator: Child<GeneratorAnswers>;
  readonly #redis: BenchRedis;
  #postgres: PostgresService | null;
  readonly #client: RedisClientType;
  readonly #folder: string;
  readonly #profileFolder: string | null;
  #running: Child<ServerAnswers>[] = [];
  #folders = 0;

  private constructor(parts: {
    generator: Child<GeneratorAnswers>;
    redis: BenchRedis;
    postgres: PostgresService | null;
    client: RedisClientType;
    folder: string;
    profileFolder: string | null;
  }) {
    this.generator = parts.generator;
    this.#redis = parts.redis;
    this.#postgres = parts.postgres;
    this.#client = parts.client;
    this.#folder = parts.folder;
    this.#profileFolder = parts.profileFolder;
  }

  /** @throws CommandError if the Redis of `--redis` holds frames, because a run deletes them */
  static async open(options: Pick<BenchOptions, 'redisUrl' | 'profileFolder' | 'usesPostgres'>): Promise<Bench> {
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
    const postgres = options.usesPostgres ? await startPostgres() : null;
    return new Bench({ generator, redis, postgres, client, folder, profileFolder });
  }

  /** @param folder shared with other replicas of that name */
  startInvigil({
    cores,
    folder = `alone-${this.#folders++}`,
    checksTokens = false,
  }: { cores?: string; folder?: string; checksTokens?: boolean } = {}): Promise<BenchServer> {
    return this.#start('invigil', 'invigil-server', {
      cores,
      isBuilt: true,
      environment: {
        HOST: '127.0.0.1',
        PORT: '0',
        ...(checksTokens ? { AUTH: 'jwt', JWT_SECRET: tokenSecret } : { AUTH: 'dev' }),
        DATA_DIR: join(this.#folder, folder),
        DUMP_DIR: join(this.#folder, 'dumps'),
        REDIS_URL: this.#redis.url,
        ...(this.#postgres === null ? {} : { DATABASE_URL: this.#postgres.url }),
        LOG_LEVEL: 'error',
        ...noStudentLimits,
      },
    });
  }

  /** `WORKERS=count npm start`, with its records in Postgres. */
  async startWorkers(count: number): Promise<WorkersServer> {
    this.#postgres ??= await startPostgres();
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((settle) => (isReady = settle));
    const server = await startServer({
      folder: await mkdtemp(join(this.#folder, 'workers-')),
      nodeArguments: productionFlags,
      onEntry: ({ event }) => {
        if (event === (count === 1 ? 'server.listening' : 'workers.ready')) isReady();
      },
      environment: {
        WORKERS: String(count),
        REDIS_URL: this.#redis.url,
        DATABASE_URL: this.#postgres.url,
        ...noStudentLimits,
      },
    });
    await ready;
    return { origin: server.url, pid: server.pid, stop: () => server.stop() };
  }

  startBare(work: BareWork = 'store'): Promise<BenchServer> {
    return this.#start('bare', 'bare-server', {
      isBuilt: true,
      environment: { REDIS_URL: this.#redis.url, BENCH_WORK: work },
    });
  }

  async #start(kind: ServerKind, program: string, options: ChildOptions): Promise<BenchServer> {
    const child = await Child.start<ServerAnswers>(program, options);
    this.#running.push(child);
    return { child, origin: `http://127.0.0.1:${child.facts.port}`, kind };
  }

  onProgress(listener: (note: ProgressNote) => void): void {
    this.generator.onProgress = listener;
  }

  /** Starts the students' sessions, then connects them. */
  async connectStudents(question: StartQuestion): Promise<void> {
    await this.generator.ask('start', question);
    await this.generator.ask('connect', {});
  }

  /** Runs `work`; if a profile was requested, writes Invigil's CPU profile of that time to `name`.cpuprofile. */
  async profiled<T>({ child, kind }: BenchServer, name: string, work: () => Promise<T>): Promise<T> {
    if (this.#profileFolder === null || kind === 'bare') return work();
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

  /** What the workers and their services have used so far. */
  async usage({ pid }: WorkersServer): Promise<Usage> {
    const [info, redisMs, serverMs, postgresMs] = await Promise.all([
      this.#client.info(),
      this.#redisCpuMs(),
      treeCpuMs(pid),
      treeCpuMs(process.pid, (name) => name === 'postgres'),
    ]);
    const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    return {
      atMs: performance.now(),
      serverMs,
      redisMs,
      postgresMs,
      redisInBytes: figure('total_net_input_bytes'),
      redisOutBytes: figure('total_net_output_bytes'),
      redisBytes: figure('used_memory'),
    };
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
    await this.#postgres?.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
