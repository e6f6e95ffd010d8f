import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const startLimitMs = 30_000;
const stopLimitMs = 15_000;

/** Runs a program of this folder in a process of its own, which can be asked questions. */
export class Child {
  #process;
  #waiting = new Map();
  #nextId = 0;
  /** What it said of itself at its start, such as its port. */
  facts = {};

  /** @param {{cores?: string, nodeArguments?: string[], environment?: Record<string, string>, onProgress?: (note: object) => void}} options */
  static async start(program, { cores, nodeArguments = [], environment = {}, onProgress } = {}) {
    const child = new Child();
    await child.#start(program, { cores, nodeArguments, environment, onProgress });
    return child;
  }

  async #start(program, { cores, nodeArguments, environment, onProgress }) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    const pinned = cores === undefined ? {} : { execPath: 'taskset' };
    const words = ['--expose-gc', ...nodeArguments];
    this.#process = fork(path, [], {
      execArgv: cores === undefined ? words : ['-c', cores, process.execPath, ...words],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...pinned,
    });
    const child = this.#process;
    const started = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${program} did not start in time`)), startLimitMs);
      child.once('error', reject);
      child.once('exit', (code) => {
        const error = new Error(`${program} ended (${code})`);
        reject(error);
        for (const { fail } of this.#waiting.values()) fail(error);
      });
      child.on('message', (message) => {
        if ('started' in message) {
          clearTimeout(late);
          return resolve(message.started);
        }
        if ('progress' in message) return onProgress?.(message.progress);
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if ('error' in message) waiting?.fail(new Error(`${program}: ${message.error}`));
        else waiting?.settle(message.answer);
      });
    });
    this.facts = await started;
  }

  ask(what, question = {}) {
    const id = this.#nextId++;
    return new Promise((settle, fail) => {
      this.#waiting.set(id, { settle, fail });
      this.#process.send({ id, what, ...question });
    });
  }

  async stop() {
    const child = this.#process;
    if (child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await gone;
    clearTimeout(late);
  }
}
