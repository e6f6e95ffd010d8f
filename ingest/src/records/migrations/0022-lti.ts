import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const required = (name: string) =>
  [name, 'text', (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()] as const;

/** Learning platforms, their launches in progress, and the exams of their resource links. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('lti_platforms')
    .addColumn('platform_id', 'text', (column) => column.primaryKey())
    .addColumn(...required('issuer'))
    .addColumn(...required('client_id'))
    .addColumn(...required('login_url'))
    .addColumn(...required('keys_url'))
    .addColumn(...required('created_at'))
    .addUniqueConstraint('lti_platforms_by_client', ['issuer', 'client_id'])
    .execute();
  await db.schema
    .createTable('lti_deployments')
    .addColumn(...required('platform_id'))
    .addColumn(...required('deployment_id'))
    .addPrimaryKeyConstraint('lti_deployments_key', ['platform_id', 'deployment_id'])
    .execute();
  await db.schema
    .createTable('lti_states')
    .addColumn('state_hash', 'text', (column) => column.primaryKey())
    .addColumn(...required('nonce'))
    .addColumn(...required('platform_id'))
    .addColumn(...required('target_link_uri'))
    .addColumn(...required('expires_at'))
    .execute();
  await db.schema
    .createTable('lti_exams')
    .addColumn(...required('platform_id'))
    .addColumn(...required('deployment_id'))
    .addColumn(...required('resource_link_id'))
    .addColumn(...required('exam_id'))
    .addPrimaryKeyConstraint('lti_exams_key', ['platform_id', 'deployment_id', 'resource_link_id'])
    .execute();
};
