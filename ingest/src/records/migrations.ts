import type { Kysely, Migration, MigrationProvider } from 'kysely';
import * as sessions from './migrations/0001-sessions.ts';

/** Forward only; a migration that was ever released never changes. They run in the order of their names. */
const migrations: Record<string, (isPostgres: boolean) => Migration> = {
  '0001-sessions': (isPostgres) => ({ up: (db: Kysely<unknown>) => sessions.up(db, isPostgres) }),
};

export const migrationProvider = (isPostgres: boolean): MigrationProvider => ({
  async getMigrations() {
    return Object.fromEntries(Object.entries(migrations).map(([name, make]) => [name, make(isPostgres)]));
  },
});
