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
}

/** The exam of each link in a course. */
interface LtiExamsTable {
  platform_id: string;
  deployment_id: string;
  resource_link_id: string;
  exam_id: string;
}

export interface LtiTables {
  lti_platforms: LtiPlatformsTable;
  lti_deployments: LtiDeploymentsTable;
  lti_states: LtiStatesTable;
  lti_exams: LtiExamsTable;
}
