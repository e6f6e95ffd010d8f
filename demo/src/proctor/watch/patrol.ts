/** Sessions that are looked at in turn, and how long each. */
const atOnce = 40;
const everyMs = 3000;

/** Takes turns among the sessions that are not on screen, so that a student who cannot be seen is noticed there too. */
export class Patrol {
  readonly #sessions: () => readonly string[];
  readonly #changed: () => void;
  #next = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Whose turn it is. */
  current: readonly string[] = [];

  /** @param sessions those that are connected now @param changed called when it is the turn of others */
  constructor(sessions: () => readonly string[], changed: () => void) {
    this.#sessions = sessions;
    this.#changed = changed;
  }

  open(): void {
    this.#timer ??= setInterval(() => this.#step(), everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #step(): void {
    const sessions = this.#sessions();
    if (this.#next >= sessions.length) this.#next = 0;
    this.current = sessions.slice(this.#next, this.#next + atOnce);
    this.#next += atOnce;
    this.#changed();
  }
}
