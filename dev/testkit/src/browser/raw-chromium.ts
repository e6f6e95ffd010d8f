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
  /** Of an event. */
  method?: string;
  sessionId?: string;
  params?: { sessionId?: string };
}

/** What a tab keeps after a garbage collection. */
export interface KeptMemory {
  nodes: number;
  listeners: number;
  documents: number;
  arrayBuffers: number;
  heapBytes: number;
  /** Of all workers, with the memory of WebAssembly in `bufferBytes`. */
  workers: { count: number; heapBytes: number; bufferBytes: number };
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
  /** Sessions of the workers of each attached tab. */
  readonly #workers = new Map<string, Set<string>>();
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
        else this.#happened(answer);
      }
    });
  }

  /** @param videoPath what the camera shows; null for Chromium's built-in test video */
  static async launch(videoPath: string | null = null): Promise<RawChromium> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-chromium-'));
    const words = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${folder}`];
    const child = spawn(
      requireChromium(),
      [...quietArguments, ...fakeCameraArguments(videoPath), ...words, 'about:blank'],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      },
    );
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

  #happened({ method, sessionId: tab = '', params }: Answer): void {
    const workers = this.#workers.get(tab);
    const { sessionId } = params ?? {};
    if (workers === undefined || sessionId === undefined) return;
    if (method === 'Target.attachedToTarget') workers.add(sessionId);
    if (method === 'Target.detachedFromTarget') workers.delete(sessionId);
  }

  async #keptBy(sessionId: string): Promise<KeptMemory> {
    const workers = { count: 0, heapBytes: 0, bufferBytes: 0 };
    for (const worker of this.#workers.get(sessionId) ?? []) {
      await this.#send('HeapProfiler.collectGarbage', {}, worker);
      const usage = await this.#send<HeapUsage>('Runtime.getHeapUsage', {}, worker);
      workers.count += 1;
      workers.heapBytes += usage.usedSize;
      workers.bufferBytes += usage.backingStorageSize;
    }
    await this.#send('Performance.enable', {}, sessionId);
    await this.#send('HeapProfiler.collectGarbage', {}, sessionId);
    const { metrics } = await this.#send<{ metrics: { name: string; value: number }[] }>(
      'Performance.getMetrics',
      {},
      sessionId,
    );
    const metric = (name: string): number => metrics.find((found) => found.name === name)?.value ?? NaN;
    return {
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      documents: metric('Documents'),
      arrayBuffers: metric('ArrayBufferContents'),
      heapBytes: metric('JSHeapUsedSize'),
      workers,
    };
  }

  /** A new tab, in front of the others. */
  async openTab(url: string): Promise<RawTab> {
    const { targetId } = await this.#send<{ targetId: string }>('Target.createTarget', { url });
    const { sessionId } = await this.#send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    this.#workers.set(sessionId, new Set());
    const autoAttach = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true };
    await this.#send('Target.setAutoAttach', autoAttach, sessionId);
    return {
      keptMemory: () => this.#keptBy(sessionId),
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

interface HeapUsage {
  usedSize: number;
  backingStorageSize: number;
}

export interface RawTab {
  show(): Promise<void>;
  keptMemory(): Promise<KeptMemory>;
  /** The value of an expression; for a promise, its result. */
  evaluate(expression: string): Promise<unknown>;
}
