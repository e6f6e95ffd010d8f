import type { Kysely } from 'kysely';

/**
 * Hashes of receipts without their contents: a day's Merkle root stays the same when a student's receipts are erased.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('receipt_leaves')
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('leaf', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('receipt_leaves_key', ['day', 'leaf'])
    .execute();
};
