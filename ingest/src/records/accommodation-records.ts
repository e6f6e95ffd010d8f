import { AccommodationSchema } from '@invigil/protocol/rules';
import type { Accommodation } from '@invigil/protocol/rules';
import * as v from 'valibot';
import { addAuditEntry } from './audit-entries.ts';
import type { RecordsDatabase } from './records-database.ts';

const ListSchema = v.array(AccommodationSchema);

/** Students' accommodations by exam. */
export class AccommodationRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  of(examId: string, memberId: string): Promise<Accommodation[]> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('accommodations')
        .select('accommodations')
        .where('exam_id', '=', examId)
        .where('member_id', '=', memberId)
        .executeTakeFirst();
      return row === undefined ? [] : v.parse(ListSchema, JSON.parse(row.accommodations));
    });
  }

  /** Of all students of an exam who have any. */
  ofExam(examId: string): Promise<{ memberId: string; accommodations: Accommodation[] }[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('accommodations')
        .select(['member_id', 'accommodations'])
        .where('exam_id', '=', examId)
        .orderBy('member_id')
        .execute();
      return rows
        .map((row) => ({
          memberId: row.member_id,
          accommodations: v.parse(ListSchema, JSON.parse(row.accommodations)),
        }))
        .filter(({ accommodations }) => accommodations.length > 0);
    });
  }

  async set(
    examId: string,
    memberId: string,
    accommodations: readonly Accommodation[],
    { actor, at }: { actor: string; at: string },
  ): Promise<void> {
    const json = JSON.stringify(accommodations);
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('accommodations')
          .values({ exam_id: examId, member_id: memberId, accommodations: json, updated_at: at })
          .onConflict((conflict) =>
            conflict.columns(['exam_id', 'member_id']).doUpdateSet({ accommodations: json, updated_at: at }),
          )
          .execute();
        // The student's id stays out of the audit log, which cannot be erased.
        await addAuditEntry(transaction, {
          at,
          actor,
          action: 'accommodations.set',
          sessionId: null,
          examId,
          detail: { names: accommodations.map(({ name }) => name) },
        });
      }),
    );
  }
}
