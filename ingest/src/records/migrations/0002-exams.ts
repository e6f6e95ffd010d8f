import { sql } from 'kysely';
import type { Kysely } from 'kysely';

type Database = Kysely<unknown>;

/** Existing exams were created by a session: they are running and have no teacher. */
const extendExams = async (db: Database): Promise<void> => {
  const columns = {
    title: 'text',
    created_by: 'text',
    scheduled_at: 'text',
    duration_minutes: 'integer',
    total_questions: 'integer',
    policy: 'text',
    pin: 'text',
    opened_at: 'text',
    started_at: 'text',
    completed_at: 'text',
    cancelled_at: 'text',
  } as const;
  for (const [name, type] of Object.entries(columns))
    await db.schema.alterTable('exams').addColumn(name, type).execute();
  await db.schema
    .alterTable('exams')
    .addColumn('status', 'text', (column) => column.notNull().defaultTo('IN_PROGRESS'))
    .execute();
  await db.schema.createIndex('exams_by_pin').unique().on('exams').column('pin').execute();
  await db.schema.createIndex('exams_by_status').on('exams').column('status').execute();
  await db.schema.alterTable('audit').addColumn('exam_id', 'text').execute();
};

const createMembers = async (db: Database): Promise<void> => {
  await db.schema
    .createTable('exam_teachers')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('teacher_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('exam_teachers_key', ['exam_id', 'teacher_id'])
    .execute();
  await db.schema.createIndex('exam_teachers_by_teacher').on('exam_teachers').column('teacher_id').execute();
  await db.schema
    .createTable('exam_students')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('student_id', 'text', (column) => column.notNull())
    .addColumn('student_name', 'text')
    .addColumn('enrolled_at', 'text', (column) => column.notNull())
    .addColumn('joined_at', 'text')
    .addColumn('passage_index', 'integer')
    .addColumn('question_index', 'integer')
    .addColumn('question_number', 'integer')
    .addColumn('progress_at', 'text')
    .addColumn('progress_sent_at', 'text')
    .addColumn('submitted_at', 'text')
    .addColumn('score', 'double precision')
    .addColumn('time_taken_seconds', 'integer')
    .addPrimaryKeyConstraint('exam_students_key', ['exam_id', 'student_id'])
    .execute();
};

const createAnswers = async (db: Database): Promise<void> => {
  await db.schema
    .createTable('exam_answers')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('student_id', 'text', (column) => column.notNull())
    .addColumn('question_id', 'text', (column) => column.notNull())
    .addColumn('question_number', 'integer', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('updates', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('answered_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('exam_answers_key', ['exam_id', 'student_id', 'question_id'])
    .execute();
};

/** Highlights and violations, each a log with its own numbers. */
const createLogs = async (db: Database, isPostgres: boolean): Promise<void> => {
  const logOf = (table: string, key: string) =>
    db.schema
      .createTable(table)
      .addColumn(key, isPostgres ? 'serial' : 'integer', (column) =>
        isPostgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
      )
      .addColumn('exam_id', 'text', (column) => column.notNull())
      .addColumn('student_id', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull());
  await logOf('exam_highlights', 'highlight_id')
    .addColumn('passage_id', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('exam_highlights_by_student')
    .on('exam_highlights')
    .columns(['exam_id', 'student_id'])
    .execute();
  await logOf('exam_violations', 'violation_id')
    .addColumn('violation_type', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('exam_violations_by_student')
    .on('exam_violations')
    .columns(['exam_id', 'student_id'])
    .execute();
};

const createViolationCounts = async (db: Database): Promise<void> => {
  await db.schema
    .createTable('exam_violation_counts')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('student_id', 'text', (column) => column.notNull())
    .addColumn('violation_type', 'text', (column) => column.notNull())
    .addColumn('violations', 'integer', (column) => column.notNull())
    .addColumn('last_at', 'text', (column) => column.notNull())
    .addColumn('sent_at', 'text', (column) => column.notNull().defaultTo(sql.lit('')))
    .addPrimaryKeyConstraint('exam_violation_counts_key', ['exam_id', 'student_id', 'violation_type'])
    .execute();
};

const createConnections = async (db: Database): Promise<void> => {
  await db.schema
    .createTable('exam_replicas')
    .addColumn('replica_id', 'text', (column) => column.primaryKey())
    .addColumn('seen_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('exam_connections')
    .addColumn('slot', 'text', (column) => column.primaryKey())
    .addColumn('connection_id', 'text', (column) => column.notNull())
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('is_student', 'integer', (column) => column.notNull())
    .addColumn('replica_id', 'text', (column) => column.notNull())
    .addColumn('connected_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('exam_connections_by_exam')
    .on('exam_connections')
    .columns(['exam_id', 'is_student', 'user_id'])
    .execute();
};

/** Exams with their members, answers, logs and connections. */
export const up = async (db: Database, isPostgres: boolean): Promise<void> => {
  await extendExams(db);
  await createMembers(db);
  await createAnswers(db);
  await createLogs(db, isPostgres);
  await createViolationCounts(db);
  await createConnections(db);
};
