import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';

const readyWithinMs = 20_000;

/** A server as an operator runs it: a separate process on a fixed port, stopped with SIGTERM. */
export class ReplicaProcess {
  readonly port: number;
  readonly #environment: Record<string, string>;
  readonly #folder: string;
  #process: ServerProcess | null = null;
  /** What the process has printed, over all its starts. */
  output = '';

  constructor(port: number, environment: Record<string, string>, folder: string) {
    this.port = port;
    this.#environment = environment;
    this.#folder = folder;
  }

  /** Resolves when it accepts clients. */
  async start(): Promise<void> {
    this.#process = await startServer({
      folder: this.#folder,
      port: this.port,
      isEnvironmentShared: false,
      environment: this.#environment,
      onLine: (line) => (this.output += `${line}\n`),
    });
    const untilMs = Date.now() + readyWithinMs;
    while (!(await this.#isReady())) {
      if (Date.now() > untilMs) throw new Error(`the server is not ready: ${this.#process.lastLines()}`);
      await delay(50);
    }
  }

  /** SIGTERM; resolves with the exit code. */
  async stop(): Promise<number | null> {
    const running = this.#process;
    this.#process = null;
    return running === null ? null : await running.stop();
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}
