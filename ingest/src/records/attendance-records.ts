import type { Selectable } from 'kysely';
import { stepAttendance } from '../model/attendance-reducer.ts';
import type { AttendanceChange, AttendanceStep, Place } from '../model/attendance-reducer.ts';
import type { ExamConnectionsTable } from './exam-tables.ts';
import type { RecordsDatabase } from './records-database.ts';

const placeOf = (row: Selectable<ExamConnectionsTable>): Place => ({
  slot: row.slot,
  connectionId: row.connection_id,
  userId: row.user_id,
  isStudent: row.is_student === 1,
  replicaId: row.replica_id,
  connectedAt: row.connected_at,
});

/** The connections of each exam, over all replicas. */
export class AttendanceRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /**
   * Applies attendance steps to an exam, and begins the attempts of students who arrived. Two replicas that did this at the same time would
   * not see each other's changes, so steps are serialised per exam.
   */
  change(examId: string, steps: readonly AttendanceStep[]): Promise<AttendanceChange[]> {
    return this.#database.runFleeting((db) =>
      db.transaction().execute(async (transaction) => {
        await this.#database.lockFleeting(transaction, `attendance:${examId}`);
        const rows = await transaction
          .selectFrom('exam_connections')
          .selectAll()
          .where('exam_id', '=', examId)
          .execute();
        const { changes, taken, freed } = stepAttendance(rows.map(placeOf), steps);
        if (freed.length > 0) await transaction.deleteFrom('exam_connections').where('slot', 'in', freed).execute();
        if (taken.length > 0) {
          await transaction
            .insertInto('exam_connections')
            .values(
              taken.map((place) => ({
                slot: place.slot,
                connection_id: place.connectionId,
                exam_id: examId,
                user_id: place.userId,
                is_student: place.isStudent ? 1 : 0,
                replica_id: place.replicaId,
                connected_at: place.connectedAt,
              })),
            )
            .onConflict((conflict) =>
              conflict.column('slot').doUpdateSet((row) => ({
                connection_id: row.ref('excluded.connection_id'),
                replica_id: row.ref('excluded.replica_id'),
                connected_at: row.ref('excluded.connected_at'),
              })),
            )
            .execute();
        }
        const [first] = taken;
        const students = taken.filter(({ isStudent }) => isStudent).map(({ userId }) => userId);
        if (first !== undefined && students.length > 0) {
          await transaction
            .updateTable('exam_students')
            .set({ joined_at: first.connectedAt })
            .where('exam_id', '=', examId)
            .where('student_id', 'in', students)
            .where('joined_at', 'is', null)
            .execute();
        }
        return changes;
      }),
    );
  }

  /** The connection that has the slot. */
  holder(slot: string): Promise<string | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('exam_connections')
        .select('connection_id')
        .where('slot', '=', slot)
        .executeTakeFirst();
      return row?.connection_id ?? null;
    });
  }

  /** Connected students, in the order of their ids. */
  connectedStudents(examId: string): Promise<string[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_connections')
        .select('user_id')
        .distinct()
        .where('exam_id', '=', examId)
        .where('is_student', '=', 1)
        .orderBy('user_id')
        .execute();
      return rows.map((row) => row.user_id);
    });
  }

  /** Connections of replicas that are not listed as alive, see `ReplicaRecords`. */
  orphans(): Promise<(Place & { examId: string })[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_connections')
        .selectAll()
        .where('replica_id', 'not in', (alive) => alive.selectFrom('replicas').select('replicas.replica_id'))
        .execute();
      return rows.map((row) => ({ ...placeOf(row), examId: row.exam_id }));
    });
  }
}
