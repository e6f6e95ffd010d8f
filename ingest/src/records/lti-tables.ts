/** A learning platform (LMS) that may launch this tool. */
interface LtiPlatformsTable {
  platform_id: string;
  issuer: string;
  /** The tool's id at the platform. */
  client_id: string;
  /** The platform's OpenID authentication endpoint. */
  login_url: string;
  /** The platform's public keys (JWKS). */
  keys_url: string;
  created_at: string;
  token_url?: string | null;
  /** JSON: origins. */
  service_origins?: string | null;
}

interface LtiDeploymentsTable {
  platform_id: string;
  deployment_id: string;
}

/** A launch that the platform has begun; removed when it comes back. */
interface LtiStatesTable {
  /** SHA-256, base64url. */
  state_hash: string;
  nonce: string;
  platform_id: string;
  target_link_uri: string;
  expires_at: string;
  proof_hash?: string | null;
}

/** The exam of each link in a course. */
interface LtiExamsTable {
  platform_id: string;
  deployment_id: string;
  resource_link_id: string;
  exam_id: string;
}

/** The tool's signing keys, one for each period of rotation. */
interface LtiToolKeysTable {
  period: number;
  key_id: string;
  /** JSON Web Key. */
  private_key: string;
  created_at: string;
}

interface LtiDeepLinkRequestsTable {
  /** SHA-256, base64url. */
  request_hash: string;
  platform_id: string;
  deployment_id: string;
  context_id: string | null;
  user_id: string;
  return_url: string;
  data: string | null;
  opens_windows: number;
  expires_at: string;
}

interface LtiItemsTable {
  item_id: string;
  platform_id: string;
  deployment_id: string;
  context_id: string | null;
  exam_id: string;
}

interface LtiRostersTable {
  platform_id: string;
  deployment_id: string;
  resource_link_id: string;
  exam_id: string;
  memberships_url: string;
  /** When a replica may read it again. */
  next_at: string;
}

/** Who came into an exam through a course, and may be removed with it. */
interface LtiMembersTable {
  exam_id: string;
  user_id: string;
  part: 'teacher' | 'student';
}

interface LtiAttemptsTable {
  attempt_id: string;
  platform_id: string;
  deployment_id: string;
  resource_link_id: string;
  attempt_number: number;
  exam_id: string;
  student_id: string;
  subject: string;
  start_assessment_url: string;
  session_data: string;
  control_url: string | null;
  /** JSON: names of actions. */
  control_actions: string;
  created_at: string;
  ended_at: string | null;
}

/** A one-time link by which a platform registers itself. */
interface LtiInvitationsTable {
  /** SHA-256, base64url. */
  invitation_hash: string;
  /** The only origin that may register. */
  origin: string;
  expires_at: string;
}

export interface LtiTables {
  lti_platforms: LtiPlatformsTable;
  lti_deployments: LtiDeploymentsTable;
  lti_states: LtiStatesTable;
  lti_exams: LtiExamsTable;
  lti_tool_keys: LtiToolKeysTable;
  lti_deep_link_requests: LtiDeepLinkRequestsTable;
  lti_items: LtiItemsTable;
  lti_rosters: LtiRostersTable;
  lti_members: LtiMembersTable;
  lti_attempts: LtiAttemptsTable;
  lti_invitations: LtiInvitationsTable;
}
