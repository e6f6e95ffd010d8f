import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const required = (name: string) =>
  [name, 'text', (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull()] as const;

/** Services of learning platforms: keys of the tool, deep linking, rosters, proctored attempts, and registration. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('lti_platforms').addColumn('token_url', 'text').execute();
  await db.schema.alterTable('lti_platforms').addColumn('service_origins', 'text').execute();
  await db.schema.alterTable('lti_states').addColumn('proof_hash', 'text').execute();
  await db.schema
    .createTable('lti_tool_keys')
    .addColumn('period', 'integer', (column) => column.primaryKey())
    .addColumn(...required('key_id'))
    .addColumn(...required('private_key'))
    .addColumn(...required('created_at'))
    .execute();
  await db.schema
    .createTable('lti_deep_link_requests')
    .addColumn('request_hash', 'text', (column) => column.primaryKey())
    .addColumn(...required('platform_id'))
    .addColumn(...required('deployment_id'))
    .addColumn('context_id', 'text')
    .addColumn(...required('user_id'))
    .addColumn(...required('return_url'))
    .addColumn('data', 'text')
    .addColumn('opens_windows', 'integer', (column) => column.notNull())
    .addColumn(...required('expires_at'))
    .execute();
  await db.schema
    .createTable('lti_items')
    .addColumn('item_id', 'text', (column) => column.primaryKey())
    .addColumn(...required('platform_id'))
    .addColumn(...required('deployment_id'))
    .addColumn('context_id', 'text')
    .addColumn(...required('exam_id'))
    .execute();
  await createRosters(db);
  await createAttempts(db);
  await db.schema
    .createTable('lti_invitations')
    .addColumn('invitation_hash', 'text', (column) => column.primaryKey())
    .addColumn(...required('origin'))
    .addColumn(...required('expires_at'))
    .execute();
};

const createRosters = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('lti_rosters')
    .addColumn(...required('platform_id'))
    .addColumn(...required('deployment_id'))
    .addColumn(...required('resource_link_id'))
    .addColumn(...required('exam_id'))
    .addColumn(...required('memberships_url'))
    .addColumn(...required('next_at'))
    .addPrimaryKeyConstraint('lti_rosters_key', ['platform_id', 'deployment_id', 'resource_link_id'])
    .execute();
  await db.schema
    .createTable('lti_members')
    .addColumn(...required('exam_id'))
    .addColumn(...required('user_id'))
    .addColumn(...required('part'))
    .addPrimaryKeyConstraint('lti_members_key', ['exam_id', 'user_id'])
    .execute();
};

const createAttempts = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('lti_attempts')
    .addColumn('attempt_id', 'text', (column) => column.primaryKey())
    .addColumn(...required('platform_id'))
    .addColumn(...required('deployment_id'))
    .addColumn(...required('resource_link_id'))
    .addColumn('attempt_number', 'integer', (column) => column.notNull())
    .addColumn(...required('exam_id'))
    .addColumn(...required('student_id'))
    .addColumn(...required('subject'))
    .addColumn(...required('start_assessment_url'))
    .addColumn(...required('session_data'))
    .addColumn('control_url', 'text')
    .addColumn(...required('control_actions'))
    .addColumn(...required('created_at'))
    .addColumn('ended_at', 'text')
    .addUniqueConstraint('lti_attempts_by_link', [
      'platform_id',
      'deployment_id',
      'resource_link_id',
      'student_id',
      'attempt_number',
    ])
    .execute();
  await db.schema
    .createIndex('lti_attempts_by_student')
    .on('lti_attempts')
    .columns(['exam_id', 'student_id'])
    .execute();
};
