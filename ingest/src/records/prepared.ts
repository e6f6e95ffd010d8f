import { PostgresAdapter } from 'kysely';
import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Stands for a value while its statement is built. */
class Placeholder {
  readonly #at: number;
  readonly #encode: (value: unknown) => unknown;

  constructor(at: number, encode: (value: unknown) => unknown = (value) => value) {
    this.#at = at;
    this.#encode = encode;
  }

  with(encode: (value: never) => unknown): Placeholder {
    return new Placeholder(this.#at, encode as (value: unknown) => unknown);
  }

  of(values: readonly unknown[]): unknown {
    return this.#encode(values[this.#at]);
  }
}

/** Applies `encode` now or, inside `prepared`, each time the statement runs. */
export const encoded = <Value, Result>(value: Value, encode: (value: Value) => Result): Result =>
  value instanceof Placeholder ? (value.with(encode) as Result) : encode(value);

export const isPostgres = (db: Kysely<Tables>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/**
 * A statement that is built and compiled once, and run with different values each time: building and compiling takes as long as SQLite needs for a
 * few rows.
 *
 * @param build must pass its values on as parameters, without looking at them: lists through `isOneOf` and `rowsOf`, others as they are
 * @example
 * const readStudents = prepared((db, examId: string) => db.selectFrom('exam_students').selectAll().where('exam_id', '=', examId));
 * const rows = await readStudents(db, 'physics');
 */
export const prepared = <Values extends readonly unknown[], Row>(
  build: (db: Kysely<Tables>, ...values: Values) => Compilable<Row>,
): ((db: Kysely<Tables>, ...values: Values) => Promise<Row[]>) => {
  const compiled = new Map<boolean, CompiledQuery<Row>>();
  const compile = (db: Kysely<Tables>, count: number): CompiledQuery<Row> => {
    const placeholders = Array.from({ length: count }, (_, at) => new Placeholder(at));
    return build(db, ...(placeholders as unknown as Values)).compile();
  };
  return async (db, ...values) => {
    const dialect = isPostgres(db);
    const statement = compiled.get(dialect) ?? compile(db, values.length);
    compiled.set(dialect, statement);
    const executor = db.getExecutor();
    // The only plugin observes the node and returns it unchanged, so its result is ignored.
    executor.transformQuery(statement.query, statement.queryId);
    const parameters = statement.parameters.map((value) => (value instanceof Placeholder ? value.of(values) : value));
    return (await executor.executeQuery<Row>({ ...statement, parameters })).rows;
  };
};
