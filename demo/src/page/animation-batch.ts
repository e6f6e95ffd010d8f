/** Runs the work once for all requests before the next animation frame. Hidden tabs get no frames, so a timer runs it there. */
export class AnimationBatch {
  readonly #work: () => void;
  readonly #hiddenAfterMs: number;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: () => void, hiddenAfterMs = 1000) {
    this.#work = work;
    this.#hiddenAfterMs = hiddenAfterMs;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(() => this.#run());
    this.#timer = setTimeout(() => this.#run(), this.#hiddenAfterMs);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    this.close();
    this.#work();
  }
}
