import type { Kysely, Selectable } from 'kysely';
import type { ExamLink } from '../model/exam.ts';
import { addAuditEntry } from './audit-entries.ts';
import type { ExamTables } from './exam-tables.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { Tables } from './tables.ts';

const linkOf = (row: Selectable<ExamTables['exam_links']>): ExamLink => ({
  linkId: row.link_id,
  examId: row.exam_id,
  studentId: row.student_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  createdBy: row.created_by,
  firstUsedAt: row.first_used_at,
});

const linksOf = async (db: Kysely<Tables>, examId: string): Promise<ExamLink[]> => {
  const query = db.selectFrom('exam_links').selectAll().where('exam_id', '=', examId).orderBy('student_id');
  return (await query.execute()).map(linkOf);
};

/** Rows of one statement, below the databases' limits on parameters. */
const rowsPerStatement = 200;

/** Students' personal links. The token is not stored: it can be signed again from the row. */
export class ExamLinkRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  list(examId: string): Promise<ExamLink[]> {
    return this.#database.run((db) => linksOf(db, examId));
  }

  find(examId: string, studentId: string): Promise<ExamLink | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('exam_links')
        .selectAll()
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .executeTakeFirst();
      return row === undefined ? null : linkOf(row);
    });
  }

  /** Moves the end of a link. Its token changes; earlier ones stay valid until their own end. */
  async extend(linkId: string, expiresAt: string): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('exam_links').set({ expires_at: expiresAt }).where('link_id', '=', linkId).execute(),
    );
  }

  /** Notes the first use of a student's links. */
  async used(examId: string, studentId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('exam_links')
        .set({ first_used_at: at })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .where('first_used_at', 'is', null)
        .execute(),
    );
  }

  /** Notes in the audit that somebody saw the links, unless the same person did since `since`. */
  async seen(examId: string, actor: string, at: string, since: string): Promise<void> {
    const action = 'exam.links_read';
    await this.#database.run(async (db) => {
      const recent = await db
        .selectFrom('audit')
        .select('audit_id')
        .where('actor', '=', actor)
        .where('action', '=', action)
        .where('exam_id', '=', examId)
        .where('at', '>', since)
        .limit(1)
        .execute();
      if (recent.length > 0) return;
      await addAuditEntry(db, { at, actor, action, sessionId: null, examId });
    });
  }

  /**
   * Each replaces the student's earlier link, which stops working. The time of the first use stays.
   * @param choose the new links, given the exam's links. Other calls wait for it, so that none replaces a link that another one just made.
   */
  async replace(
    examId: string,
    choose: (links: readonly ExamLink[]) => readonly Omit<ExamLink, 'createdBy' | 'firstUsedAt'>[],
    actor: string,
  ): Promise<void> {
    await this.#database.runLocked(`links ${examId}`, async (transaction) => {
      const links = choose(await linksOf(transaction, examId));
      const [first] = links;
      if (first === undefined) return;
      for (let from = 0; from < links.length; from += rowsPerStatement) {
        const rows = links.slice(from, from + rowsPerStatement).map((link) => ({
          exam_id: link.examId,
          student_id: link.studentId,
          link_id: link.linkId,
          created_at: link.createdAt,
          expires_at: link.expiresAt,
          revoked_at: null,
          created_by: actor,
        }));
        await transaction
          .insertInto('exam_links')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['exam_id', 'student_id']).doUpdateSet((row) => ({
              link_id: row.ref('excluded.link_id'),
              created_at: row.ref('excluded.created_at'),
              expires_at: row.ref('excluded.expires_at'),
              revoked_at: null,
              created_by: actor,
            })),
          )
          .execute();
      }
      await addAuditEntry(transaction, {
        at: first.createdAt,
        actor,
        action: 'exam.links_created',
        sessionId: null,
        examId: first.examId,
        detail: { links: links.length },
      });
    });
  }

  /** False if there is no such link, or it was revoked before. */
  revoke(examId: string, studentId: string, actor: string, at: string): Promise<boolean> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('exam_links')
          .set({ revoked_at: at })
          .where('exam_id', '=', examId)
          .where('student_id', '=', studentId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await addAuditEntry(transaction, { at, actor, action: 'exam.link_revoked', sessionId: null, examId });
        return true;
      }),
    );
  }
}
