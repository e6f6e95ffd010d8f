import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

export interface KeptReport {
  student: string | null;
  sessionId: string;
  version: number;
}

/** The example exam server as a process of its own. */
export class ExamSite {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** @param folder the compiled example. Rejects with the server's output if it does not start. */
  static async start(folder: string, environment: Record<string, string>): Promise<ExamSite> {
    const child = spawn(process.execPath, [join(folder, 'dist/main.js')], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    const stopped = once(child, 'exit').then(() => {
      throw new Error(`the exam site stopped: ${lines.join('\n')}`);
    });
    const started = new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const url = /^exam site: (\S+)$/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    const url = await Promise.race([started, stopped]);
    stopped.catch(() => undefined);
    return new ExamSite(url, child);
  }

  async reports(key: string): Promise<KeptReport[]> {
    const response = await fetch(`${this.url}/reports`, { headers: { Authorization: `Bearer ${key}` } });
    return (await response.json()) as KeptReport[];
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
