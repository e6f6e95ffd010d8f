/** Gathers calls and does the work once in the next animation frame; in a hidden tab, where there is none, after a while. */
export class AnimationBatch {
  readonly #work: () => void;
  readonly #hiddenAfterMs: number;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: () => void, hiddenAfterMs = 1000) {
    this.#work = work;
    this.#hiddenAfterMs = hiddenAfterMs;
  }

  ask(): void {
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
