import { createHmac } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { RecordsDatabase } from './records-database.ts';
import { SecretRecords } from './secret-records.ts';
import type { Tables } from './tables.ts';

/** SQLite and Postgres limit the number of values in a statement. */
const hashesPerQuery = 500;

/** When users were erased. The table holds keyed hashes, from which nobody can find the users. */
export class ErasureRecords {
  readonly #database: RecordsDatabase;
  readonly #secrets: SecretRecords;

  constructor(database: RecordsDatabase) {
    this.#database = database;
    this.#secrets = new SecretRecords(database);
  }

  async hashOf(userId: string): Promise<string> {
    return createHmac('sha256', await this.#secrets.secret('erasures'))
      .update(userId)
      .digest('base64url');
  }

  /** Within the transaction that erases the user. */
  async note(transaction: Kysely<Tables>, userHash: string, at: string): Promise<void> {
    await transaction
      .insertInto('erasures')
      .values({ user_hash: userHash, erased_at: at })
      .onConflict((conflict) => conflict.column('user_hash').doUpdateSet({ erased_at: at }))
      .execute();
  }

  /** When the user was last erased, ISO 8601; null if never. */
  async erasedAt(userId: string): Promise<string | null> {
    const userHash = await this.hashOf(userId);
    return this.#database.run(async (db) => {
      const query = db.selectFrom('erasures').select('erased_at').where('user_hash', '=', userHash);
      return (await query.executeTakeFirst())?.erased_at ?? null;
    });
  }

  /** The users among these who were erased and whose time of erasure is still known. */
  async erasedAmong(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const byHash = new Map<string, string>();
    for (const userId of userIds) byHash.set(await this.hashOf(userId), userId);
    const hashes = [...byHash.keys()];
    const erased = new Set<string>();
    for (let from = 0; from < hashes.length; from += hashesPerQuery) {
      const rows = await this.#database.run((db) =>
        db
          .selectFrom('erasures')
          .select('user_hash')
          .where('user_hash', 'in', hashes.slice(from, from + hashesPerQuery))
          .execute(),
      );
      for (const { user_hash: hash } of rows) erased.add(byHash.get(hash) ?? '');
    }
    return erased;
  }
}
