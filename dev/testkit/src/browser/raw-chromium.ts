import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fakeCameraArguments, quietArguments } from './chromium.ts';
import { requireChromium } from './find-chromium.ts';

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/**
 * Chromium over its debugging pipe. Playwright makes every page believe that it is in front; here a background tab is
 * really hidden.
 */
export class RawChromium {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #input: Writable;
  readonly #pending = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.#input = child.stdio[3] as Writable;
    let text = '';
    (child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const answer = JSON.parse(message) as Answer;
        if (answer.id !== undefined) this.#pending.get(answer.id)?.(answer);
      }
    });
  }

  static async launch(): Promise<RawChromium> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-chromium-'));
    const words = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${folder}`];
    const child = spawn(requireChromium(), [...quietArguments, ...fakeCameraArguments(), ...words, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    return new RawChromium(child, folder);
  }

  async #send<T>(method: string, params: object, sessionId?: string): Promise<T> {
    const id = ++this.#lastId;
    const answered = new Promise<Answer>((resolve) => this.#pending.set(id, resolve));
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answered;
    this.#pending.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** A new tab, in front of the others. */
  async openTab(url: string): Promise<RawTab> {
    const { targetId } = await this.#send<{ targetId: string }>('Target.createTarget', { url });
    const { sessionId } = await this.#send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    return {
      show: async () => {
        await this.#send('Target.activateTarget', { targetId });
      },
      evaluate: async (expression) => {
        const { result, exceptionDetails } = await this.#send<{
          result: { value: unknown };
          exceptionDetails?: { text: string; exception?: { description?: string } };
        }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
        if (exceptionDetails === undefined) return result.value;
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      },
    };
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill();
    await gone;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface RawTab {
  show(): Promise<void>;
  /** The value of an expression; for a promise, its result. */
  evaluate(expression: string): Promise<unknown>;
}
