import { randomBytes } from 'node:crypto';
import type { RecordsDatabase } from './records-database.ts';

/** Secrets that a deployment generates for itself: the first replica that asks creates one, all others read it. */
export class SecretRecords {
  readonly #database: RecordsDatabase;
  readonly #known = new Map<string, Uint8Array>();

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** 32 bytes of a secure random source, always the same for a name. Rejects with `records_unavailable`. */
  async secret(name: string): Promise<Uint8Array> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const value = await this.#database.run(async (db) => {
      await db
        .insertInto('secrets')
        .values({ name, value: randomBytes(32).toString('base64url') })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      return (await db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirstOrThrow()).value;
    });
    const secret = Buffer.from(value, 'base64url');
    this.#known.set(name, secret);
    return secret;
  }
}
