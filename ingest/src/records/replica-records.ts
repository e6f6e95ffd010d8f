import type { RecordsDatabase } from './records-database.ts';

/** The live replicas, and when each was last seen. Data of a replica that is not listed is orphaned. */
export class ReplicaRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /**
   * Records that the replica is alive.
   * @param at ISO 8601
   * @returns false if it was not listed: it is new, or another replica has declared it dead.
   */
  beat(replicaId: string, at: string): Promise<boolean> {
    return this.#database.runFleeting(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('replicas')
        .set({ seen_at: at })
        .where('replica_id', '=', replicaId)
        .executeTakeFirst();
      if (numUpdatedRows === 1n) return true;
      await db
        .insertInto('replicas')
        .values({ replica_id: replicaId, seen_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return false;
    });
  }

  /** Every replica that has not been declared dead, with its latest heartbeat as it wrote it. */
  async list(): Promise<readonly { replicaId: string; seenAt: string }[]> {
    const rows = await this.#database.run((db) => db.selectFrom('replicas').selectAll().execute());
    return rows.map(({ replica_id, seen_at }) => ({ replicaId: replica_id, seenAt: seen_at }));
  }

  /** Declares a replica dead, unless it has sent a heartbeat since the one given. */
  async removeUnchanged(replicaId: string, seenAt: string): Promise<void> {
    await this.#database.run((db) =>
      db.deleteFrom('replicas').where('replica_id', '=', replicaId).where('seen_at', '=', seenAt).execute(),
    );
  }

  async remove(replicaId: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('replicas').where('replica_id', '=', replicaId).execute());
  }
}
