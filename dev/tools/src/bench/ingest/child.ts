import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sourceArguments } from '@invigil/testkit/source-arguments';
import { compileProgram } from './compiled-program.ts';
import { productionFlags } from './production-flags.ts';
import type { ChildMessage, ParentQuestion, ProgressNote, StartFacts } from './questions.ts';

const startLimitMs = 30_000;
const stopLimitMs = 15_000;

export interface ChildOptions {
  /** CPU cores for taskset; default: all. */
  cores?: string | undefined;
  /** Runs the program compiled, with the packages as built, as in production. */
  isBuilt?: boolean;
  environment?: Record<string, string>;
}

interface Waiting {
  settle: (answer: unknown) => void;
  fail: (error: Error) => void;
}

/** Parameter and result of one function in a map of functions. */
type Question<A, K extends keyof A> = A[K] extends (question: infer Q) => unknown ? Q : never;
type Answer<A, K extends keyof A> = A[K] extends (question: never) => infer R ? Awaited<R> : never;

const forkProgram = async (
  program: string,
  { cores, isBuilt = false, environment = {} }: ChildOptions,
): Promise<ChildProcess> => {
  const words = ['--expose-gc', ...productionFlags, ...(isBuilt ? [] : sourceArguments)];
  const path = isBuilt ? await compileProgram(program) : fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  return fork(path, [], {
    execArgv: cores === undefined ? words : ['-c', cores, process.execPath, ...words],
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    ...(cores === undefined ? {} : { execPath: 'taskset' }),
  });
};

/** A program of this folder in its own process, which answers the questions `A`. */
export class Child<A> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  /** The message that the process sent when it was ready. */
  facts: StartFacts = {};
  onProgress: (note: ProgressNote) => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start<A>(program: string, options: ChildOptions = {}): Promise<Child<A>> {
    const child = new Child<A>(await forkProgram(program, options));
    child.facts = await child.#started(program);
    return child;
  }

  #started(program: string): Promise<StartFacts> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${program} did not start in time`)), startLimitMs);
      this.#process.once('error', reject);
      this.#process.once('exit', (code) => {
        clearTimeout(late);
        const error = new Error(`${program} ended (${code})`);
        reject(error);
        for (const { fail } of this.#waiting.values()) fail(error);
      });
      this.#process.on('message', (message: ChildMessage) => {
        if ('started' in message) {
          clearTimeout(late);
          resolve(message.started);
        } else if ('progress' in message) this.onProgress(message.progress);
        else this.#settle(program, message);
      });
    });
  }

  #settle(program: string, message: Extract<ChildMessage, { id: number }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.fail(new Error(`${program}: ${message.error}`));
    else waiting?.settle(message.answer);
  }

  ask<K extends keyof A & string>(what: K, question: Question<A, K>): Promise<Answer<A, K>> {
    const id = this.#nextId++;
    return new Promise((settle, fail) => {
      this.#waiting.set(id, { settle: (answer) => settle(answer as Answer<A, K>), fail });
      this.#process.send({ id, what, question: question as object } satisfies ParentQuestion);
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await exited;
    clearTimeout(late);
  }
}
