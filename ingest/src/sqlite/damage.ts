import { existsSync, renameSync } from 'node:fs';
import Database from 'libsql';

const damageCodes = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** Whether SQLite reports that the file's content is damaged, as opposed to a full disk or a lock. */
export const isDamage = (error: unknown): boolean => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    (typeof code === 'string' && [...damageCodes].some((known) => code.startsWith(known))) ||
    /not a database|malformed/.test(String(message))
  );
};

/** Whether the database is damaged. Reads the whole file; a missing file is not damaged. */
export const isDamaged = (path: string): boolean => {
  if (!existsSync(path)) return false;
  try {
    const db = new Database(path, { readonly: true, timeout: 2000 });
    try {
      const rows = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[];
      return rows[0]?.quick_check !== 'ok';
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) return true;
    throw error;
  }
};

/** Whether the database has the table, with at least one row. */
export const hasRows = (path: string, table: string): boolean => {
  if (!existsSync(path)) return false;
  const db = new Database(path, { readonly: true, timeout: 2000 });
  try {
    const tables = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").all(table);
    return tables.length > 0 && db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).all().length > 0;
  } finally {
    db.close();
  }
};

/** Renames the database and its log, so that a new one can take their place. @returns the new path */
export const moveAside = (path: string, nowMs: number): string => {
  const aside = `${path}.damaged-${nowMs}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
};
