import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const probeEveryMs = 25;
const block = Buffer.alloc(4096, 1);

/** Measures how long the disk of a folder takes to write a block, which other programs of the machine influence. */
export class DiskProbe {
  readonly #file: FileHandle;
  readonly #tookMs: number[] = [];
  readonly #running: Promise<void>;
  #isStopped = false;

  private constructor(file: FileHandle) {
    this.#file = file;
    this.#running = this.#run();
  }

  static async start(folder: string): Promise<DiskProbe> {
    const file = await open(join(folder, 'disk-probe'), 'w');
    await file.write(block);
    await file.sync();
    return new DiskProbe(file);
  }

  /** @returns milliseconds of each write */
  async stop(): Promise<readonly number[]> {
    this.#isStopped = true;
    await this.#running;
    await this.#file.close();
    return this.#tookMs;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const startedMs = performance.now();
      // The same block again and again, so that the file does not grow.
      await this.#file.write(block, 0, block.length, 0);
      await this.#file.datasync();
      this.#tookMs.push(performance.now() - startedMs);
      await delay(probeEveryMs);
    }
  }
}
