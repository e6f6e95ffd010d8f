import type { RecordsDatabase } from './records-database.ts';

export interface LtiToolKey {
  period: number;
  keyId: string;
  /** JSON Web Key. */
  privateKey: string;
  /** ISO 8601. */
  createdAt: string;
}

/** The tool's signing keys. */
export class LtiToolKeyRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Newest first. */
  since(period: number): Promise<LtiToolKey[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('lti_tool_keys').selectAll().where('period', '>=', period).orderBy('period', 'desc');
      return (await query.execute()).map((row) => ({
        period: row.period,
        keyId: row.key_id,
        privateKey: row.private_key,
        createdAt: row.created_at,
      }));
    });
  }

  /** Does nothing if the period has a key: another replica was faster. */
  async add({ period, keyId, privateKey, createdAt }: LtiToolKey): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('lti_tool_keys')
        .values({ period, key_id: keyId, private_key: privateKey, created_at: createdAt })
        .onConflict((conflict) => conflict.column('period').doNothing())
        .execute(),
    );
  }

  /** @returns how many were removed */
  async removeAll(): Promise<number> {
    const { numDeletedRows } = await this.#database.run((db) => db.deleteFrom('lti_tool_keys').executeTakeFirst());
    return Number(numDeletedRows);
  }
}
