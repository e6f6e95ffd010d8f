import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@invigil/testkit/services/free-port';

/** A real Redis with an append-only file, which can be killed and started again. */
export class RedisProcess {
  readonly url: string;
  readonly port: number;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(folder: string): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort(), folder);
    await redis.restart();
    return redis;
  }

  async restart(): Promise<void> {
    const words = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
    const aof = ['--appendonly', 'yes', '--appendfsync', 'always'];
    this.#child = spawn('redis-server', [...words, ...aof], { stdio: 'ignore' });
    while ((await this.command('PING').catch(() => '')) !== '+PONG') await delay(50);
  }

  /** Sends one inline command over its own connection; resolves with the first lines of the answer, joined by spaces. */
  async command(text: string, lines = 1): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${text}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString().split('\r\n').slice(0, lines).join(' ');
    } finally {
      socket.destroy();
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}
