import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

/** The built Next example as a process of its own. */
export class NextSite {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Rejects with the server's output if it does not start. */
  static async start(folder: string, port: number, environment: Record<string, string>): Promise<NextSite> {
    const command = join(folder, 'node_modules/next/dist/bin/next');
    const child = spawn(process.execPath, [command, 'start', '-H', '127.0.0.1', '-p', String(port)], {
      cwd: folder,
      env: { PATH: process.env['PATH'], NEXT_TELEMETRY_DISABLED: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    const stopped = once(child, 'exit').then(() => {
      throw new Error(`Next stopped: ${lines.join('\n')}`);
    });
    const ready = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('Ready in')) resolve();
      });
    });
    await Promise.race([ready, stopped]);
    stopped.catch(() => undefined);
    return new NextSite(`http://127.0.0.1:${port}`, child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
