import type { Selectable } from 'kysely';
import type { LtiPlatform, LtiResourceLink, LtiState } from '../model/lti-platform.ts';
import type { LtiTables } from './lti-tables.ts';
import type { RecordsDatabase } from './records-database.ts';

const platformOf = (row: Selectable<LtiTables['lti_platforms']>): LtiPlatform => ({
  platformId: row.platform_id,
  issuer: row.issuer,
  clientId: row.client_id,
  loginUrl: row.login_url,
  keysUrl: row.keys_url,
  tokenUrl: row.token_url ?? null,
  serviceOrigins: row.service_origins == null ? [] : (JSON.parse(row.service_origins) as string[]),
});

const tablesOfPlatform = [
  'lti_deployments',
  'lti_states',
  'lti_exams',
  'lti_items',
  'lti_deep_link_requests',
  'lti_rosters',
  'lti_attempts',
] as const;

/** Learning platforms, launches in progress, and the exams of resource links. */
export class LtiRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Adds a platform or replaces its addresses, and adds the deployments. */
  async register(platform: LtiPlatform, deploymentIds: readonly string[], at: string): Promise<void> {
    const { platformId, issuer, clientId, loginUrl, keysUrl, tokenUrl, serviceOrigins } = platform;
    const addresses = {
      login_url: loginUrl,
      keys_url: keysUrl,
      token_url: tokenUrl,
      service_origins: JSON.stringify(serviceOrigins),
    };
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { platform_id } = await transaction
          .insertInto('lti_platforms')
          .values({ platform_id: platformId, issuer, client_id: clientId, created_at: at, ...addresses })
          .onConflict((conflict) => conflict.columns(['issuer', 'client_id']).doUpdateSet(addresses))
          .returning('platform_id')
          .executeTakeFirstOrThrow();
        const rows = deploymentIds.map((deployment_id) => ({ platform_id, deployment_id }));
        if (rows.length === 0) return;
        await transaction
          .insertInto('lti_deployments')
          .values(rows)
          .onConflict((conflict) => conflict.columns(['platform_id', 'deployment_id']).doNothing())
          .execute();
      }),
    );
  }

  /** Removes a platform and everything that its launches need. Exams, students and reports stay. @returns false if it is unknown */
  remove(issuer: string, clientId: string): Promise<boolean> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const removed = await transaction
          .deleteFrom('lti_platforms')
          .where('issuer', '=', issuer)
          .where('client_id', '=', clientId)
          .returning('platform_id')
          .executeTakeFirst();
        if (removed === undefined) return false;
        for (const table of tablesOfPlatform) {
          await transaction.deleteFrom(table).where('platform_id', '=', removed.platform_id).execute();
        }
        return true;
      }),
    );
  }

  /** A platform by its issuer. The client id is needed if the tool has several at this issuer. */
  find(issuer: string, clientId: string | null): Promise<LtiPlatform | null> {
    return this.#database.run(async (db) => {
      let query = db.selectFrom('lti_platforms').selectAll().where('issuer', '=', issuer);
      if (clientId !== null) query = query.where('client_id', '=', clientId);
      const rows = await query.limit(2).execute();
      return rows[0] === undefined || rows.length > 1 ? null : platformOf(rows[0]);
    });
  }

  byId(platformId: string): Promise<LtiPlatform | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_platforms')
        .selectAll()
        .where('platform_id', '=', platformId)
        .executeTakeFirst();
      return row === undefined ? null : platformOf(row);
    });
  }

  list(): Promise<(LtiPlatform & { deployments: string[] })[]> {
    return this.#database.run(async (db) => {
      const platforms = await db.selectFrom('lti_platforms').selectAll().orderBy('created_at').execute();
      const deployments = await db.selectFrom('lti_deployments').selectAll().execute();
      return platforms.map((row) => ({
        ...platformOf(row),
        deployments: deployments
          .filter((each) => each.platform_id === row.platform_id)
          .map((each) => each.deployment_id),
      }));
    });
  }

  hasDeployment(platformId: string, deploymentId: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_deployments')
        .select('deployment_id')
        .where('platform_id', '=', platformId)
        .where('deployment_id', '=', deploymentId)
        .executeTakeFirst();
      return row !== undefined;
    });
  }

  /** Removes expired ones, too. */
  async addState(state: LtiState, nowIso: string): Promise<void> {
    await this.#database.run(async (db) => {
      await db.deleteFrom('lti_states').where('expires_at', '<=', nowIso).execute();
      await db
        .insertInto('lti_states')
        .values({
          state_hash: state.stateHash,
          nonce: state.nonce,
          platform_id: state.platformId,
          target_link_uri: state.targetLinkUri,
          proof_hash: state.proofHash,
          expires_at: state.expiresAt,
        })
        .execute();
    });
  }

  /** The platform of a launch that stored its proof in the platform's page; null for every other state. Removes nothing. */
  platformOfProof(stateHash: string, nowIso: string): Promise<LtiPlatform | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_states')
        .innerJoin('lti_platforms', 'lti_platforms.platform_id', 'lti_states.platform_id')
        .selectAll('lti_platforms')
        .where('state_hash', '=', stateHash)
        .where('proof_hash', 'is not', null)
        .where('expires_at', '>', nowIso)
        .executeTakeFirst();
      return row === undefined ? null : platformOf(row);
    });
  }

  /** Removes the state, so that a launch works once, on any replica. Null if it is unknown, used or expired. */
  takeState(stateHash: string, nowIso: string): Promise<{ state: LtiState; platform: LtiPlatform } | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .deleteFrom('lti_states')
        .where('state_hash', '=', stateHash)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined || row.expires_at <= nowIso) return null;
      const platform = await db
        .selectFrom('lti_platforms')
        .selectAll()
        .where('platform_id', '=', row.platform_id)
        .executeTakeFirst();
      if (platform === undefined) return null;
      const { nonce, platform_id: platformId, target_link_uri: targetLinkUri, expires_at: expiresAt } = row;
      const state = { stateHash, nonce, platformId, targetLinkUri, proofHash: row.proof_hash ?? null, expiresAt };
      return { state, platform: platformOf(platform) };
    });
  }

  examOf(link: LtiResourceLink): Promise<string | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_exams')
        .select('exam_id')
        .where('platform_id', '=', link.platformId)
        .where('deployment_id', '=', link.deploymentId)
        .where('resource_link_id', '=', link.resourceLinkId)
        .executeTakeFirst();
      return row?.exam_id ?? null;
    });
  }

  /** Links the exam unless another teacher got there first. @returns the linked exam's id */
  async tie(link: LtiResourceLink, examId: string): Promise<string> {
    await this.#database.run((db) =>
      db
        .insertInto('lti_exams')
        .values({
          platform_id: link.platformId,
          deployment_id: link.deploymentId,
          resource_link_id: link.resourceLinkId,
          exam_id: examId,
        })
        .onConflict((conflict) => conflict.columns(['platform_id', 'deployment_id', 'resource_link_id']).doNothing())
        .execute(),
    );
    return (await this.examOf(link)) ?? examId;
  }

  async addTeacher(examId: string, teacherId: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('exam_teachers')
        .values({ exam_id: examId, teacher_id: teacherId })
        .onConflict((conflict) => conflict.columns(['exam_id', 'teacher_id']).doNothing())
        .execute(),
    );
  }
}
