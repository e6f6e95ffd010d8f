import { sql } from 'kysely';
import type { Kysely, Selectable, SqlBool } from 'kysely';
import { stepAttendance } from '../model/attendance-reducer.ts';
import type { AttendanceChange, AttendanceStep, Place } from '../model/attendance-reducer.ts';
import type { ExamConnectionsTable } from './exam-tables.ts';
import { groupBy } from './group-by.ts';
import { isOneOf, rowsOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { Tables } from './tables.ts';

const placeOf = (row: Selectable<ExamConnectionsTable>): Place => ({
  slot: row.slot,
  connectionId: row.connection_id,
  userId: row.user_id,
  isStudent: row.is_student === 1,
  replicaId: row.replica_id,
  connectedAt: row.connected_at,
});

/** A step and its exam. */
export interface ExamAttendanceStep {
  examId: string;
  step: AttendanceStep;
}

interface TakenPlace extends Place {
  examId: string;
}

/** An exam and a person in it. */
type MemberKey = readonly [examId: string, userId: string];

const memberTypes = { exam_id: 'text', user_id: 'text' } as const;

/**
 * The connections of each of these people to the exam named with them: looking for everybody in every exam would grow with the square of a
 * crowd. Names every value of `is_student`, which is between the two in the index.
 */
export const placesQuery = (db: Kysely<Tables>, members: readonly MemberKey[]) =>
  db
    .selectFrom('exam_connections')
    .selectAll()
    .where('is_student', 'in', [0, 1])
    .where(sql<SqlBool>`(exam_id, user_id) in (${rowsOf(db, memberTypes, members)})`);
const readPlaces = prepared(placesQuery);

const lockOf = (examId: string): string => `attendance:${examId}`;

const connectedStudents = async (db: Kysely<Tables>, examId: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('exam_connections')
    .select('user_id')
    .distinct()
    .where('exam_id', '=', examId)
    .where('is_student', '=', 1)
    .orderBy('user_id')
    .execute();
  return rows.map((row) => row.user_id);
};

const countStudents = prepared((db, examIds: readonly string[]) =>
  db
    .selectFrom('exam_connections')
    .select((row) => ['exam_id', row.fn.count<number | string>('user_id').distinct().as('students')])
    .where(isOneOf(db, 'exam_id', examIds))
    .where('is_student', '=', 1)
    .groupBy('exam_id'),
);

/** Connected students of each exam that has any. */
const studentCounts = async (db: Kysely<Tables>, examIds: readonly string[]): Promise<Map<string, number>> => {
  const rows = await countStudents(db, examIds);
  return new Map(rows.map(({ exam_id: examId, students }) => [examId, Number(students)]));
};

const placeTypes = {
  slot: 'text',
  connection_id: 'text',
  exam_id: 'text',
  user_id: 'text',
  is_student: 'integer',
  replica_id: 'text',
  connected_at: 'text',
} as const;

const rowOfPlace = (place: TakenPlace) => [
  place.slot,
  place.connectionId,
  place.examId,
  place.userId,
  place.isStudent ? 1 : 0,
  place.replicaId,
  place.connectedAt,
];

const freeSlots = prepared((db, slots: readonly string[]) =>
  db.deleteFrom('exam_connections').where(isOneOf(db, 'slot', slots)),
);

const takeSlots = prepared((db, rows: readonly ReturnType<typeof rowOfPlace>[]) =>
  db
    .insertInto('exam_connections')
    .columns(['slot', 'connection_id', 'exam_id', 'user_id', 'is_student', 'replica_id', 'connected_at'])
    .expression(rowsOf(db, placeTypes, rows))
    .onConflict((conflict) =>
      conflict.column('slot').doUpdateSet((row) => ({
        connection_id: row.ref('excluded.connection_id'),
        replica_id: row.ref('excluded.replica_id'),
        connected_at: row.ref('excluded.connected_at'),
      })),
    ),
);

const writePlaces = async (
  db: Kysely<Tables>,
  taken: readonly TakenPlace[],
  freed: readonly string[],
): Promise<void> => {
  if (freed.length > 0) await freeSlots(db, freed);
  if (taken.length > 0) await takeSlots(db, taken.map(rowOfPlace));
};

const join = prepared((db, students: readonly (readonly string[])[], at: string) =>
  db
    .updateTable('exam_students')
    .set({ joined_at: at })
    .where('joined_at', 'is', null)
    .where(sql<SqlBool>`(exam_id, student_id) in (${rowsOf(db, { exam_id: 'text', student_id: 'text' }, students)})`),
);

/** Students who arrive together join at the same time. */
const beginAttempts = async (db: Kysely<Tables>, taken: readonly TakenPlace[]): Promise<void> => {
  const students = taken.filter(({ isStudent }) => isStudent);
  const [first] = students;
  if (first === undefined) return;
  const keys = students.map(({ examId, userId }) => [examId, userId]);
  await join(db, keys, first.connectedAt);
};

/** The connections of each exam, over all replicas. */
export class AttendanceRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /**
   * Applies attendance steps of any exams in their order, and begins the attempts of students who arrived. Two replicas that did this at the
   * same time would not see each other's changes, so steps are serialised per exam.
   */
  change(steps: readonly ExamAttendanceStep[]): Promise<AttendanceChange[]> {
    const ofExams = groupBy(steps, ({ examId }) => examId);
    if (ofExams.size === 0) return Promise.resolve([]);
    return this.#database.runFleeting((db) =>
      db.transaction().execute(async (transaction) => {
        const order = await this.#database.lockFleeting(transaction, [...ofExams.keys()].map(lockOf));
        const present = await this.#concerned(transaction, steps);
        const counts = await studentCounts(transaction, [...ofExams.keys()]);
        const changes = new Map<ExamAttendanceStep, AttendanceChange>();
        const [taken, freed]: [TakenPlace[], string[]] = [[], []];
        for (const [examId, ofExam] of ofExams) {
          const places = present.get(examId) ?? [];
          const known = new Set(places.filter(({ isStudent }) => isStudent).map(({ userId }) => userId));
          const own = ofExam.map(({ step }) => step);
          const outcome = stepAttendance(places, own, (counts.get(examId) ?? 0) - known.size);
          // Each takes more than a microsecond, so the next transaction's order is greater than all of these.
          for (const [at, step] of ofExam.entries()) changes.set(step, { ...outcome.changes[at]!, order: order + at });
          taken.push(...outcome.taken.map((place) => ({ ...place, examId })));
          freed.push(...outcome.freed);
        }
        await writePlaces(transaction, taken, freed);
        await beginAttempts(transaction, taken);
        return steps.map((step) => changes.get(step)!);
      }),
    );
  }

  /**
   * The places, by exam, of the people in the steps; a slot belongs to one person of one exam. An exam's other places are not read: it can have
   * thousands.
   */
  async #concerned(db: Kysely<Tables>, steps: readonly ExamAttendanceStep[]): Promise<Map<string, Place[]>> {
    const members = steps.map(({ examId, step }) => [examId, step.place.userId] as const);
    const rows = await readPlaces(db, members);
    return new Map(
      [...groupBy(rows, ({ exam_id: examId }) => examId)].map(([examId, ofExam]) => [examId, ofExam.map(placeOf)]),
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
    return this.#database.run((db) => connectedStudents(db, examId));
  }

  /** The same, with the place of this reading in the order of changes. */
  connectedInOrder(examId: string): Promise<{ students: string[]; order: number }> {
    return this.#database.runFleeting((db) =>
      db.transaction().execute(async (transaction) => {
        const order = await this.#database.lockFleeting(transaction, [lockOf(examId)]);
        return { students: await connectedStudents(transaction, examId), order };
      }),
    );
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
