import type { FileHandle } from 'node:fs/promises';

/** A chunk of frames fits. */
const bufferBytes = 320 * 1024;
const maxBytesPerCharacter = 3;
const [comma, newline] = [0x2c, 0x0a];

/**
 * Writes lines, with a comma after each but the last. They are encoded into one buffer, which is reused: joining a chunk of frames into one string,
 * and Node's encoding of such a string, were half of what the end of a session cost the event loop.
 */
export class LineWriter {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #length = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @param isFirst nothing precedes these lines @returns once they are in the file, but not necessarily on disk */
  async write(lines: readonly string[], isFirst: boolean): Promise<void> {
    for (const [at, line] of lines.entries()) {
      const maxBytes = line.length * maxBytesPerCharacter + 2;
      if (this.#length + maxBytes > bufferBytes) await this.#flush();
      if (at > 0 || !isFirst) this.#buffer[this.#length++] = comma;
      this.#buffer[this.#length++] = newline;
      if (maxBytes <= bufferBytes) this.#length += this.#buffer.write(line, this.#length);
      else await this.#writeLong(line);
    }
    await this.#flush();
  }

  async #writeLong(line: string): Promise<void> {
    await this.#flush();
    await this.#handle.writeFile(line);
  }

  async #flush(): Promise<void> {
    const length = this.#length;
    this.#length = 0;
    for (let from = 0; from < length;) {
      const { bytesWritten } = await this.#handle.write(this.#buffer, from, length - from);
      from += bytesWritten;
    }
  }
}
