import { sql } from 'kysely';
import type { AnyColumn, Kysely, RawBuilder, SqlBool } from 'kysely';
import { encoded, isPostgres } from './prepared.ts';
import type { Tables } from './tables.ts';

type Value = string | number | null;

/** The type of each column. */
type ColumnTypes = Readonly<Record<string, 'text' | 'integer'>>;

/**
 * Whether the column is one of the values, which are one parameter. A list with a parameter for each value would be another statement for each of
 * its lengths, which SQLite prepares again, and building it takes longer than running it.
 */
export const isOneOf = (
  db: Kysely<Tables>,
  column: AnyColumn<Tables, keyof Tables>,
  values: readonly string[] | readonly number[],
): RawBuilder<SqlBool> =>
  isPostgres(db)
    ? sql`${sql.ref(column)} = any(${encoded(values, (list) => [...list])})`
    : sql`${sql.ref(column)} in (select value from json_each(${encoded(values, JSON.stringify)}))`;

/**
 * A SELECT of literal rows, whose text does not depend on their number.
 *
 * @param types the columns, in order
 */
export const rowsOf = (
  db: Kysely<Tables>,
  types: ColumnTypes,
  rows: readonly (readonly Value[])[],
): RawBuilder<unknown> => {
  const columns = Object.entries(types);
  if (isPostgres(db)) {
    const lists = columns.map(
      ([, type], at) => sql`${encoded(rows, (list) => list.map((row) => row[at]))}::${sql.raw(type)}[]`,
    );
    const names = columns.map(([name]) => sql.ref(name));
    return sql`select * from unnest(${sql.join(lists)}) as listed (${sql.join(names)})`;
  }
  const fields = columns.map(([name], at) => sql`value ->> ${sql.lit(at)} as ${sql.ref(name)}`);
  // Without a condition, SQLite would read the `on` of `on conflict` as one of a join.
  return sql`select ${sql.join(fields)} from json_each(${encoded(rows, JSON.stringify)}) where true`;
};
