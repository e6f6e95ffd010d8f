import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A killed test run cleans nothing up, so the kernel ends its servers (setpriv is part of every Debian). */
const dieWithUs = ['--pdeathsig', 'KILL'];
const startTimeoutMs = 20_000;
const pollMs = 30;

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });

/** A real server program on a port of this machine, which can be killed and restarted during a test. */
export class ChildService {
  readonly port: number;
  readonly #command: readonly [string, ...string[]];
  #child: ChildProcess | null = null;

  constructor(port: number, command: readonly [string, ...string[]]) {
    this.port = port;
    this.#command = command;
  }

  async start(): Promise<this> {
    const [program, ...words] = this.#command;
    const child = spawn('setpriv', [...dieWithUs, program, ...words], { stdio: 'ignore' });
    let failure: Error | null = null;
    child.once('error', (error) => (failure = error));
    child.once('exit', (code) => (failure ??= new Error(`${program} ended with ${code}`)));
    this.#child = child;
    const untilMs = Date.now() + startTimeoutMs;
    while (!(await accepts(this.port))) {
      if (failure !== null) throw failure;
      if (Date.now() > untilMs) throw new Error(`${program} does not listen on ${this.port}`);
      await delay(pollMs);
    }
    // What accepted may be another program.
    if (failure !== null) throw failure;
    return this;
  }

  /** Kills it at once: clients lose their connections without a close. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Suspends it with open connections: it no longer answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }
}
