import type { RecordsDatabase } from './records-database.ts';

export interface LtiMember {
  userId: string;
  part: 'teacher' | 'student';
}

/** SQLite and Postgres limit the number of values in a statement. */
const rowsPerInsert = 500;

/** Who came into an exam through a course. */
export class LtiMemberRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  list(examId: string): Promise<LtiMember[]> {
    return this.#database.run(async (db) => {
      const rows = await db.selectFrom('lti_members').selectAll().where('exam_id', '=', examId).execute();
      return rows.map(({ user_id: userId, part }) => ({ userId, part }));
    });
  }

  /** A new part replaces the known one. */
  async add(examId: string, members: readonly LtiMember[]): Promise<void> {
    for (let from = 0; from < members.length; from += rowsPerInsert) {
      const rows = members
        .slice(from, from + rowsPerInsert)
        .map(({ userId, part }) => ({ exam_id: examId, user_id: userId, part }));
      await this.#database.run((db) =>
        db
          .insertInto('lti_members')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['exam_id', 'user_id']).doUpdateSet((row) => ({ part: row.ref('excluded.part') })),
          )
          .execute(),
      );
    }
  }

  async remove(examId: string, userId: string): Promise<void> {
    await this.#database.run((db) =>
      db.deleteFrom('lti_members').where('exam_id', '=', examId).where('user_id', '=', userId).execute(),
    );
  }

  /** Takes a teacher away from an exam, except the one who created it. */
  async removeTeacher(examId: string, teacherId: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .deleteFrom('exam_teachers')
        .where('exam_id', '=', examId)
        .where('teacher_id', '=', teacherId)
        .where('teacher_id', 'not in', (own) =>
          own
            .selectFrom('exams')
            .select((select) => select.fn.coalesce('created_by', select.val('')).as('creator'))
            .where('exam_id', '=', examId),
        )
        .execute(),
    );
  }
}
