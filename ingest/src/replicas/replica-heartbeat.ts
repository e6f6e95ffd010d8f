import type { Logger } from 'pino';
import type { ReplicaRecords } from '../records/replica-records.ts';
import { recordBeatMs } from './liveness.ts';
import { ReplicaSilence } from './replica-silence.ts';
import { isoTime } from '../time/iso-time.ts';

/** Keeps rows that belong to one replica: agents in classrooms, connections to exams. */
export interface ReplicaRows {
  /** Other replicas declared this one dead and removed its rows: write them again. */
  restore(): Promise<void>;
  /** Retries failed writes. */
  retry(): Promise<void>;
  /** Removes the rows of replicas that are no longer listed. */
  removeOrphans(): Promise<void>;
}

export interface ReplicaHeartbeatOptions {
  /** This process; a new id each time it starts. */
  replicaId: string;
  records: ReplicaRecords;
  log: Logger;
  /** Steady: never set back or ahead. */
  now: () => number;
}

/**
 * Keeps this replica listed as alive, and removes the data of dead replicas. The single source of which replicas are
 * alive, for everything in the records.
 */
export class ReplicaHeartbeat {
  readonly #options: ReplicaHeartbeatOptions;
  readonly #owners = new Map<string, ReplicaRows>();
  readonly #timer: NodeJS.Timeout;
  readonly #silence: ReplicaSilence;
  #registered: Promise<unknown> | null = null;
  #round: Promise<void> | null = null;

  constructor(options: ReplicaHeartbeatOptions) {
    this.#options = options;
    this.#silence = new ReplicaSilence(options.now);
    this.#timer = setInterval(() => this.#beat(), recordBeatMs).unref();
  }

  get replicaId(): string {
    return this.#options.replicaId;
  }

  /** @param failureEvent the event to log when the owner's work fails; the next beat retries the work. */
  add(rows: ReplicaRows, failureEvent: string): void {
    this.#owners.set(failureEvent, rows);
    this.#beat();
  }

  /** Resolves once the other replicas can see this one. Await it before writing a row, which would otherwise look orphaned. */
  async register(): Promise<void> {
    const { records, replicaId, now } = this.#options;
    this.#registered ??= records.beat(replicaId, isoTime(now()));
    try {
      await this.#registered;
    } catch (error) {
      this.#registered = null;
      throw error;
    }
  }

  /** Call after the owners have removed their rows. If the records are unavailable, the other replicas detect the missing heartbeat. */
  async close(): Promise<void> {
    const { records, replicaId, log } = this.#options;
    clearInterval(this.#timer);
    await this.#round;
    await records.remove(replicaId).catch((error: unknown) => log.warn({ event: 'presence.farewell_failed', error }));
  }

  #beat(): void {
    this.#round ??= this.#runRound()
      .catch((error: unknown) => this.#options.log.warn({ event: 'presence.sweep_failed', error }))
      .finally(() => (this.#round = null));
  }

  async #runRound(): Promise<void> {
    const { records, replicaId, now } = this.#options;
    await this.register();
    const wasListed = await records.beat(replicaId, isoTime(now()));
    if (!wasListed) await this.#forEachOwner((rows) => rows.restore());
    await this.#forEachOwner((rows) => rows.retry());
    await this.#removeSilent();
    await this.#forEachOwner((rows) => rows.removeOrphans());
  }

  async #removeSilent(): Promise<void> {
    const { records, replicaId } = this.#options;
    const others = (await records.list()).filter((replica) => replica.replicaId !== replicaId);
    for (const { replicaId: silent, seenAt } of this.#silence.step(others))
      await records.removeUnchanged(silent, seenAt);
  }

  async #forEachOwner(work: (rows: ReplicaRows) => Promise<void>): Promise<void> {
    for (const [failureEvent, rows] of this.#owners) {
      try {
        await work(rows);
      } catch (error) {
        this.#options.log.warn({ event: failureEvent, error });
      }
    }
  }
}
