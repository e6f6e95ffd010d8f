/** Tells the answer to the newest request from those to earlier ones, which may arrive after it. */
export class NewestRequest {
  #number = 0;

  /** To be called before a request. @returns whether it is still the newest */
  begin(): () => boolean {
    const number = (this.#number += 1);
    return () => number === this.#number;
  }
}
