import type Database from 'libsql';
import { LRUCache } from 'lru-cache';

/** More than a running server repeats. Some lists of values have a statement for each of their lengths. */
const maxKept = 200;
/** Characters. A longer statement has hundreds of values: it takes much memory, and its length seldom comes again. */
const maxLength = 1000;

/**
 * Makes the database prepare each statement once, unless it is very long: preparing costs about as much as running it.
 * @returns forgets the statements
 */
export const keepStatements = (db: Database.Database): (() => void) => {
  const kept = new LRUCache<string, Database.Statement>({ max: maxKept });
  const prepare = db.prepare.bind(db);
  const prepareOnce = (sql: string): Database.Statement => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const statement: Database.Statement = prepare(sql);
    if (sql.length > maxLength) return statement;
    // The driver's getter calls SQLite on each access.
    Object.defineProperty(statement, 'reader', { value: statement.reader });
    kept.set(sql, statement);
    return statement;
  };
  // The type of its parameters is the caller's claim.
  db.prepare = prepareOnce as typeof db.prepare;
  return () => kept.clear();
};
