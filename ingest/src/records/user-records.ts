import type { RecordsDatabase } from './records-database.ts';

/** What the records hold about one user. */
export interface UserSummary {
  user_id: string;
  /** Exams of which the user is a teacher. */
  teaches: string[];
  /** Exams in which the user is enrolled. */
  enrolled: string[];
  sessions: { session_id: string; exam_id: string | null; status: string; started_at: string }[];
}

const listLimit = 500;

/** Looks users up. There is no table of users: tokens name them, and records mention them. */
export class UserRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** At most 500 exams and sessions each, newest sessions first. */
  summary(userId: string): Promise<UserSummary> {
    return this.#database.run(async (db) => {
      const teaches = await db
        .selectFrom('exam_teachers')
        .select('exam_id')
        .where('teacher_id', '=', userId)
        .orderBy('exam_id')
        .limit(listLimit)
        .execute();
      const enrolled = await db
        .selectFrom('exam_students')
        .select('exam_id')
        .where('student_id', '=', userId)
        .orderBy('exam_id')
        .limit(listLimit)
        .execute();
      const sessions = await db
        .selectFrom('sessions')
        .select(['session_id', 'exam_id', 'status', 'started_at'])
        .where('member_id', '=', userId)
        .orderBy('started_at', 'desc')
        .limit(listLimit)
        .execute();
      const examIds = (rows: { exam_id: string }[]): string[] => rows.map(({ exam_id }) => exam_id);
      return { user_id: userId, teaches: examIds(teaches), enrolled: examIds(enrolled), sessions };
    });
  }
}
