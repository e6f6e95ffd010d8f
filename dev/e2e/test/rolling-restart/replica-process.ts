import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { serverProgram } from '@invigil/testkit/repository';
const startWithinMs = 20_000;

/** A server as an operator runs it: a separate process, stopped with SIGTERM. Uses the output of `npm run build`. */
export class ReplicaProcess {
  readonly port: number;
  readonly #environment: Record<string, string>;
  readonly #folder: string;
  #child: ChildProcess | null = null;
  output = '';

  constructor(port: number, environment: Record<string, string>, folder: string) {
    this.port = port;
    this.#environment = environment;
    this.#folder = folder;
  }

  /** Resolves when it accepts clients. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [serverProgram], {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'] ?? '', ...this.#environment, PORT: String(this.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.output += String(text)));
    this.#child = child;
    const untilMs = Date.now() + startWithinMs;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || Date.now() > untilMs) throw new Error(`the server did not start: ${this.output}`);
      await delay(50);
    }
  }

  /** SIGTERM; resolves with the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return exited;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}
