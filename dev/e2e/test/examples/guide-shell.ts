import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** A shell that runs one of the guide's examples, in a process group of its own. */
export class GuideShell {
  output = '';
  readonly #child: ChildProcess;

  constructor(commands: string, cwd: string, environment: Record<string, string> = {}) {
    // The test runner sets NODE_ENV, which changes builds.
    const { NODE_ENV: _, ...inherited } = process.env;
    this.#child = spawn('bash', ['-e', '-c', commands], {
      cwd,
      env: { ...inherited, npm_config_prefer_offline: 'true', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Rejects with what the commands printed if one of them fails. */
  async finish(): Promise<string> {
    const [code] = (await once(this.#child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`the guide's commands failed: ${this.output}`);
    return this.output;
  }

  /** Waits for this text in the commands' output. Rejects with the output if they exit without printing it. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (!this.isRunning()) throw new Error(`the guide's commands did not print "${text}": ${this.output}`);
      await delay(100);
    }
  }

  /** As Ctrl+C does. */
  async interrupt(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    process.kill(-(this.#child.pid ?? 0), 'SIGINT');
    await closed;
  }

  /** Whether a process of its group still runs. */
  isRunning(): boolean {
    try {
      return process.kill(-(this.#child.pid ?? 0), 0);
    } catch {
      return false;
    }
  }
}
