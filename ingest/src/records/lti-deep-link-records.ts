import type { LtiDeepLinkRequest, LtiItem } from '../model/lti-platform.ts';
import type { RecordsDatabase } from './records-database.ts';

/** Platforms' requests to choose an exam, and the exams that teachers chose. */
export class LtiDeepLinkRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Removes expired ones, too. */
  async addRequest(request: LtiDeepLinkRequest, nowIso: string): Promise<void> {
    await this.#database.run(async (db) => {
      await db.deleteFrom('lti_deep_link_requests').where('expires_at', '<=', nowIso).execute();
      await db
        .insertInto('lti_deep_link_requests')
        .values({
          request_hash: request.requestHash,
          platform_id: request.platformId,
          deployment_id: request.deploymentId,
          context_id: request.contextId,
          user_id: request.userId,
          return_url: request.returnUrl,
          data: request.data,
          opens_windows: request.opensWindows ? 1 : 0,
          expires_at: request.expiresAt,
        })
        .execute();
    });
  }

  /** Removes the request, so that it is answered once. Null if it is unknown, answered or expired. */
  takeRequest(requestHash: string, nowIso: string): Promise<LtiDeepLinkRequest | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .deleteFrom('lti_deep_link_requests')
        .where('request_hash', '=', requestHash)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined || row.expires_at <= nowIso) return null;
      return {
        requestHash,
        platformId: row.platform_id,
        deploymentId: row.deployment_id,
        contextId: row.context_id,
        userId: row.user_id,
        returnUrl: row.return_url,
        data: row.data,
        opensWindows: row.opens_windows === 1,
        expiresAt: row.expires_at,
      };
    });
  }

  async addItem({ itemId, platformId, deploymentId, contextId, examId }: LtiItem): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('lti_items')
        .values({
          item_id: itemId,
          platform_id: platformId,
          deployment_id: deploymentId,
          context_id: contextId,
          exam_id: examId,
        })
        .execute(),
    );
  }

  item(itemId: string): Promise<LtiItem | null> {
    return this.#database.run(async (db) => {
      const row = await db.selectFrom('lti_items').selectAll().where('item_id', '=', itemId).executeTakeFirst();
      if (row === undefined) return null;
      const { platform_id: platformId, deployment_id: deploymentId, context_id: contextId, exam_id: examId } = row;
      return { itemId, platformId, deploymentId, contextId, examId };
    });
  }
}
