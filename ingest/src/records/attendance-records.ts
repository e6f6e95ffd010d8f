import type { Transaction } from 'kysely';
import type { RecordsDatabase } from './records-database.ts';
import type { Tables } from './tables.ts';

/** One connection of a person to an exam. A newer one in the same slot takes its place. */
export interface Attendance {
  slot: string;
  connectionId: string;
  examId: string;
  userId: string;
  isStudent: boolean;
  replicaId: string;
  connectedAt: string;
}

export type AttendanceKey = Pick<Attendance, 'slot' | 'connectionId' | 'examId' | 'userId' | 'isStudent'>;

/** How the exam's attendance stands after a change. */
export interface AttendanceChange {
  /** Whether the person was away before, or is away now. */
  changed: boolean;
  connectedCount: number;
}

/** Who is connected to which exam, over all replicas. */
export class AttendanceRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Puts the connection into its slot, in the place of an older one. */
  enter(attendance: Attendance): Promise<AttendanceChange> {
    return this.#put(attendance, true);
  }

  /** Puts it back, unless a newer one has its slot. */
  restore(attendance: Attendance): Promise<AttendanceChange> {
    return this.#put(attendance, false);
  }

  /** Takes the connection out, unless a newer one has its slot. */
  leave({ slot, connectionId, examId, userId }: Omit<AttendanceKey, 'isStudent'>): Promise<AttendanceChange> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await this.#database.lock(transaction, lockOf(examId));
        const { numDeletedRows } = await transaction
          .deleteFrom('exam_connections')
          .where('slot', '=', slot)
          .where('connection_id', '=', connectionId)
          .executeTakeFirst();
        const isAway = numDeletedRows === 1n && (await connections(transaction, examId, userId)) === 0;
        return { changed: isAway, connectedCount: await connectedCount(transaction, examId) };
      }),
    );
  }

  /** Which connection has the slot. */
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

  /** Students that are connected now, in the order of their ids. */
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

  /** Says that the replica lives. False when the others took it for dead and forgot its connections. */
  beat(replicaId: string, at: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('exam_replicas')
        .set({ seen_at: at })
        .where('replica_id', '=', replicaId)
        .executeTakeFirst();
      if (numUpdatedRows === 1n) return true;
      await db
        .insertInto('exam_replicas')
        .values({ replica_id: replicaId, seen_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return false;
    });
  }

  /** Connections of replicas that have gone, or were not seen since. */
  orphans(seenBefore: string): Promise<AttendanceKey[]> {
    return this.#database.run(async (db) => {
      await db.deleteFrom('exam_replicas').where('seen_at', '<', seenBefore).execute();
      const rows = await db
        .selectFrom('exam_connections')
        .selectAll()
        .where('replica_id', 'not in', (alive) => alive.selectFrom('exam_replicas').select('exam_replicas.replica_id'))
        .execute();
      return rows.map((row) => ({
        slot: row.slot,
        connectionId: row.connection_id,
        examId: row.exam_id,
        userId: row.user_id,
        isStudent: row.is_student === 1,
      }));
    });
  }

  async forgetReplica(replicaId: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('exam_replicas').where('replica_id', '=', replicaId).execute());
  }

  #put(attendance: Attendance, takesOver: boolean): Promise<AttendanceChange> {
    const { slot, connectionId, examId, userId, isStudent, replicaId, connectedAt } = attendance;
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await this.#database.lock(transaction, lockOf(examId));
        const before = await connections(transaction, examId, userId);
        const row = { connection_id: connectionId, replica_id: replicaId, connected_at: connectedAt };
        await transaction
          .insertInto('exam_connections')
          .values({ slot, exam_id: examId, user_id: userId, is_student: isStudent ? 1 : 0, ...row })
          .onConflict((conflict) => (takesOver ? conflict.column('slot').doUpdateSet(row) : conflict.doNothing()))
          .execute();
        return { changed: before === 0, connectedCount: await connectedCount(transaction, examId) };
      }),
    );
  }
}

/** Two who come or go at the same time would not see each other; so an exam's doors are passed one by one. */
const lockOf = (examId: string): string => `attendance:${examId}`;

const connections = async (db: Transaction<Tables>, examId: string, userId: string): Promise<number> => {
  const rows = await db
    .selectFrom('exam_connections')
    .select('slot')
    .where('exam_id', '=', examId)
    .where('user_id', '=', userId)
    .execute();
  return rows.length;
};

const connectedCount = async (db: Transaction<Tables>, examId: string): Promise<number> => {
  const row = await db
    .selectFrom('exam_connections')
    .select((select) => select.fn.count<number | string>('user_id').distinct().as('students'))
    .where('exam_id', '=', examId)
    .where('is_student', '=', 1)
    .executeTakeFirstOrThrow();
  return Number(row.students);
};
