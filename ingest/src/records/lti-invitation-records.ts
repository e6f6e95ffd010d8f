import type { RecordsDatabase } from './records-database.ts';

/** One-time links by which platforms register themselves. */
export class LtiInvitationRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Removes expired ones, too. */
  async add(invitation: { hash: string; origin: string; expiresAt: string }, nowIso: string): Promise<void> {
    await this.#database.run(async (db) => {
      await db.deleteFrom('lti_invitations').where('expires_at', '<=', nowIso).execute();
      await db
        .insertInto('lti_invitations')
        .values({ invitation_hash: invitation.hash, origin: invitation.origin, expires_at: invitation.expiresAt })
        .execute();
    });
  }

  /** The origin that may register, or null if the invitation is unknown, used or expired. */
  origin(hash: string, nowIso: string): Promise<string | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_invitations')
        .select('origin')
        .where('invitation_hash', '=', hash)
        .where('expires_at', '>', nowIso)
        .executeTakeFirst();
      return row?.origin ?? null;
    });
  }

  /** False if another request was faster. */
  use(hash: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numDeletedRows } = await db
        .deleteFrom('lti_invitations')
        .where('invitation_hash', '=', hash)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    });
  }
}
