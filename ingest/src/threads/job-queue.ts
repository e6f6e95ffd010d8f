export interface JobQueueLimits {
  /** Jobs of session ends that wait. */
  ends: number;
  /** Jobs of requests that wait, of all owners together. */
  requests: number;
  /** Jobs of requests of one owner that wait. */
  requestsPerOwner: number;
  /** An owner that works for many users. It may use the whole queue, and has the most jobs when it does, so it makes room for all others. */
  sharedOwner: string | null;
}

/** Jobs not yet started. Those of session ends come first; the owners of the others take turns. */
export class JobQueue<Job> {
  readonly #limits: JobQueueLimits;
  readonly #ends: Job[] = [];
  /** In the order in which they are served next. Owners without jobs are not kept. */
  readonly #requests = new Map<string, Job[]>();

  constructor(limits: JobQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#ends.length + this.#requestCount();
  }

  get capacity(): number {
    return this.#limits.ends + this.#limits.requests;
  }

  /**
   * When the queue is full, a job replaces the last one of the owner with the most, unless its own owner would then have more than that one.
   * @param owner who requested it; null: the end of a session
   * @returns the refused job: this one, or one that has waited; null if there is room
   */
  add(job: Job, owner: string | null): Job | null {
    const { ends, requests, requestsPerOwner, sharedOwner } = this.#limits;
    if (owner === null) {
      if (this.#ends.length >= ends) return job;
      this.#ends.push(job);
      return null;
    }
    const own = this.#requests.get(owner) ?? [];
    if (owner !== sharedOwner && own.length >= requestsPerOwner) return job;
    let replaced: Job | null = null;
    if (this.#requestCount() >= requests) {
      const most = this.#longest();
      // Otherwise two owners could replace each other's jobs in turn.
      if (own.length + 1 >= most.length) return job;
      replaced = most.pop() ?? null;
    }
    this.#requests.set(owner, [...own, job]);
    return replaced;
  }

  /** Takes the next job, if there is one. @param mayRequest whether it may be one of a request */
  take(mayRequest: boolean): Job | null {
    const end = this.#ends.shift();
    if (end !== undefined) return end;
    const [next] = this.#requests;
    if (!mayRequest || next === undefined) return null;
    const [owner, [job, ...others]] = next;
    // At the end of the map, behind all other owners.
    this.#requests.delete(owner);
    if (others.length > 0) this.#requests.set(owner, others);
    return job ?? null;
  }

  /** @returns whether the job was still waiting */
  remove(job: Job): boolean {
    const at = this.#ends.indexOf(job);
    if (at !== -1) this.#ends.splice(at, 1);
    for (const [owner, own] of this.#requests) {
      if (!own.includes(job)) continue;
      if (own.length === 1) this.#requests.delete(owner);
      else
        this.#requests.set(
          owner,
          own.filter((other) => other !== job),
        );
      return true;
    }
    return at !== -1;
  }

  /** Removes all jobs. */
  clear(): Job[] {
    const all = [...this.#ends, ...[...this.#requests.values()].flat()];
    this.#ends.length = 0;
    this.#requests.clear();
    return all;
  }

  /** The jobs of the owner who has the most. */
  #longest(): Job[] {
    return [...this.#requests.values()].reduce((most, own) => (own.length > most.length ? own : most), []);
  }

  #requestCount(): number {
    let count = 0;
    for (const own of this.#requests.values()) count += own.length;
    return count;
  }
}
