import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from 'redis';
import { CommandError } from '../../command/command-line.ts';
import { Child } from './child.ts';
import { startRedis } from './private-redis.mjs';

/** The programs of one run, and what it takes to measure them. */
export class Bench {
  #redis;
  #client;
  #folder;
  #profileFolder;
  #running = [];
  #folders = 0;
  generator;
  #onProgress = () => undefined;

  static async open({ redisUrl, profileFolder }) {
    const bench = new Bench();
    bench.#folder = await mkdtemp(join(tmpdir(), 'invigil-bench-'));
    bench.#profileFolder = profileFolder === null ? null : resolve(profileFolder);
    bench.#redis = redisUrl === null ? await startRedis(bench.#folder) : { url: redisUrl, stop: async () => undefined };
    // It tries until a Redis that was just started listens.
    bench.#client = createClient({ url: bench.#redis.url }).on('error', () => undefined);
    await bench.#client.connect();
    if (redisUrl !== null && (await bench.#hasFrames())) {
      bench.#client.destroy();
      await rm(bench.#folder, { recursive: true });
      throw new CommandError('--redis: it holds frames, which a run would delete. Use an empty one');
    }
    bench.generator = await Child.start('./generator.ts', { onProgress: (note) => bench.#onProgress(note) });
    return bench;
  }

  /** @param {{cores?: string, folder?: string}} options `folder` is shared with other replicas of that name */
  async startInvigil({ cores, folder = `alone-${this.#folders++}` } = {}) {
    const server = await this.#start('./invigil-server.ts', cores, {
      isBuilt: true,
      environment: {
        HOST: '127.0.0.1',
        PORT: '0',
        AUTH: 'dev',
        DATA_DIR: join(this.#folder, folder),
        DUMP_DIR: join(this.#folder, 'dumps'),
        REDIS_URL: this.#redis.url,
        LOG_LEVEL: 'error',
        // More than a student may, so that the server is what limits.
        MAX_MESSAGES_PER_SECOND: '10000',
        MAX_MESSAGE_BURST: '100000',
        MAX_BYTES_PER_SECOND: '1000000000',
      },
    });
    return { ...server, kind: 'invigil' };
  }

  async startBare(cores) {
    return {
      ...(await this.#start('./bare-server.ts', cores, {
        environment: { REDIS_URL: this.#redis.url },
      })),
      kind: 'bare',
    };
  }

  async #start(program, cores, options) {
    const child = await Child.start(program, { ...options, cores });
    this.#running.push(child);
    return { child, origin: `http://127.0.0.1:${child.facts.port}` };
  }

  onProgress(listener) {
    this.#onProgress = listener;
  }

  /** Does some work while what the server spends its time on is written to `name`.cpuprofile, if that was asked for. */
  async profiled({ child }, name, work) {
    if (this.#profileFolder === null) return work();
    await child.ask('startProfile', {});
    const result = await work();
    await child.ask('stopProfile', { file: join(this.#profileFolder, `${name}.cpuprofile`) });
    return result;
  }

  #frameKeys() {
    return this.#client.scanIterator({ MATCH: 'frame*', COUNT: 5000 });
  }

  async #hasFrames() {
    for await (const keys of this.#frameKeys()) if (keys.length > 0) return true;
    return false;
  }

  /** Everything that the earlier parts left behind, out of the way. */
  async emptyRedis() {
    for await (const keys of this.#frameKeys()) {
      if (keys.length > 0) await this.#client.unlink(keys);
    }
  }

  async redisCpuMs() {
    const text = await this.#client.info('cpu');
    const seconds = (name) => Number(new RegExp(`^${name}:(.+)$`, 'm').exec(text)?.[1] ?? 0);
    return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1000;
  }

  async redisBytes() {
    return Number(/^used_memory:(\d+)/m.exec(await this.#client.info('memory'))?.[1] ?? 0);
  }

  /** CPU milliseconds so far, of servers, Redis and generator. */
  async cpu(servers) {
    const [redisMs, { cpuMs: generatorMs }, ...each] = await Promise.all([
      this.redisCpuMs(),
      this.generator.ask('cpu', {}),
      ...servers.map(({ child }) => child.ask('cpu', {})),
    ]);
    return { atMs: performance.now(), serversMs: each.map(({ cpuMs }) => cpuMs), redisMs, generatorMs };
  }

  async stop(server) {
    this.#running = this.#running.filter((child) => child !== server.child);
    await server.child.stop();
  }

  async close() {
    await Promise.all(this.#running.map((child) => child.stop()));
    await this.generator?.stop();
    await this.#client?.close();
    await this.#redis.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What was used between two looks, as shares of one core. */
export const coresBetween = (before, after) => {
  const lastedMs = after.atMs - before.atMs;
  const share = (fromMs, toMs) => Number(((toMs - fromMs) / lastedMs).toFixed(3));
  return {
    server: after.serversMs.map((ms, at) => share(before.serversMs[at], ms)),
    redis: share(before.redisMs, after.redisMs),
    generator: share(before.generatorMs, after.generatorMs),
  };
};
