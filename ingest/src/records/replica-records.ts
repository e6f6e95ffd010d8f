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

  /** Declares replicas dead that were last seen before this time (ISO 8601). */
  async removeSilent(seenBefore: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('replicas').where('seen_at', '<', seenBefore).execute());
  }

  async remove(replicaId: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('replicas').where('replica_id', '=', replicaId).execute());
  }
}
