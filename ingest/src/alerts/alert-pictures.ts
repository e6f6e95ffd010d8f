/** Pictures of alerts, bounded in size: the oldest goes first. */
export class AlertPictures {
  readonly #maxChars: number;
  readonly #pictures = new Map<string, string>();
  #chars = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  of(alertId: string): string | null {
    return this.#pictures.get(alertId) ?? null;
  }

  alertIds(): string[] {
    return [...this.#pictures.keys()];
  }

  keep(alertId: string, picture: string): void {
    this.forget(alertId);
    this.#pictures.set(alertId, picture);
    this.#chars += picture.length;
    for (const oldest of this.#pictures.keys()) {
      if (this.#chars <= this.#maxChars) return;
      this.forget(oldest);
    }
  }

  forget(alertId: string): void {
    this.#chars -= this.#pictures.get(alertId)?.length ?? 0;
    this.#pictures.delete(alertId);
  }
}
