import type { LtiRoster } from '../model/lti-platform.ts';
import type { RecordsDatabase } from './records-database.ts';

/** The courses whose members are kept in step with an exam. */
export class LtiRosterRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Makes it due at `dueAt`. */
  async save(roster: LtiRoster, dueAt: string): Promise<void> {
    const changed = { exam_id: roster.examId, memberships_url: roster.membershipsUrl, next_at: dueAt };
    await this.#database.run((db) =>
      db
        .insertInto('lti_rosters')
        .values({
          ...changed,
          platform_id: roster.platformId,
          deployment_id: roster.deploymentId,
          resource_link_id: roster.resourceLinkId,
        })
        .onConflict((conflict) =>
          conflict.columns(['platform_id', 'deployment_id', 'resource_link_id']).doUpdateSet(changed),
        )
        .execute(),
    );
  }

  /** Claims one roster that is due, for this replica, and sets when it is due again. Rosters of exams that are over are removed. */
  claim(nowIso: string, nextIso: string): Promise<LtiRoster | null> {
    return this.#database.run(async (db) => {
      await db
        .deleteFrom('lti_rosters')
        .where('exam_id', 'in', (own) =>
          own.selectFrom('exams').select('exams.exam_id').where('status', 'in', ['COMPLETED', 'CANCELLED']),
        )
        .execute();
      const due = await db
        .selectFrom('lti_rosters')
        .selectAll()
        .where('next_at', '<=', nowIso)
        .orderBy('next_at')
        .limit(1)
        .executeTakeFirst();
      if (due === undefined) return null;
      const { numUpdatedRows } = await db
        .updateTable('lti_rosters')
        .set({ next_at: nextIso })
        .where('platform_id', '=', due.platform_id)
        .where('deployment_id', '=', due.deployment_id)
        .where('resource_link_id', '=', due.resource_link_id)
        .where('next_at', '=', due.next_at)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return this.claim(nowIso, nextIso);
      return {
        platformId: due.platform_id,
        deploymentId: due.deployment_id,
        resourceLinkId: due.resource_link_id,
        examId: due.exam_id,
        membershipsUrl: due.memberships_url,
      };
    });
  }

  /** The number of courses of an exam. */
  countOf(examId: string): Promise<number> {
    return this.#database.run(async (db) => {
      const { count } = await db
        .selectFrom('lti_rosters')
        .select((select) => select.fn.countAll().as('count'))
        .where('exam_id', '=', examId)
        .executeTakeFirstOrThrow();
      return Number(count);
    });
  }
}
