import { generateKeyPairSync } from 'node:crypto';
import { keyIdOf } from '../model/key-id.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { SigningKeysTable } from './receipt-tables.ts';

export interface NewReceipt {
  sessionId: string;
  version: number;
  day: string;
  receipt: string;
  leaf: string;
}

const newKey = (at: string): SigningKeysTable => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    key_id: keyIdOf(spki),
    public_key: spki.toString('base64url'),
    private_key: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    created_at: at,
  };
};

/** Signing keys, receipts, and the hashes from which a day's root is computed. */
export class ReceiptRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** All keys, newest first. Creates a key if all are older than `notBefore`. */
  keys(notBefore: string, at: string): Promise<[SigningKeysTable, ...SigningKeysTable[]]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').orderBy('key_id');
      const [newest, ...older] = await query.execute();
      if (newest !== undefined && newest.created_at >= notBefore) return [newest, ...older];
      const created = newKey(at);
      await db.insertInto('signing_keys').values(created).execute();
      return [created, ...(newest === undefined ? [] : [newest]), ...older];
    });
  }

  /** Stores the receipt unless that report has one. */
  async keep({ sessionId, version, day, receipt, leaf }: NewReceipt): Promise<void> {
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('receipts')
          .values({ session_id: sessionId, version, day, receipt })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows !== 1n) return;
        await transaction
          .insertInto('receipt_leaves')
          .values({ day, leaf })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    );
  }

  /** @param version of the report; null for the newest */
  find(sessionId: string, version: number | null): Promise<{ day: string; receipt: string } | null> {
    return this.#database.run(async (db) => {
      let query = db.selectFrom('receipts').select(['day', 'receipt']).where('session_id', '=', sessionId);
      if (version !== null) query = query.where('version', '=', version);
      return (await query.orderBy('version', 'desc').limit(1).executeTakeFirst()) ?? null;
    });
  }

  /** Days with receipts, newest first. */
  days(limit: number): Promise<string[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('receipt_leaves').select('day').distinct().orderBy('day', 'desc').limit(limit);
      return (await query.execute()).map(({ day }) => day);
    });
  }

  /** A day's receipts as hashes, in the order of its tree. */
  leaves(day: string): Promise<string[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('receipt_leaves')
        .select('leaf')
        .where('day', '=', day)
        .orderBy('leaf')
        .execute();
      return rows.map(({ leaf }) => leaf);
    });
  }
}
