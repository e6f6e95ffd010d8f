/** A learning platform (LMS) that may launch this tool. */
export interface LtiPlatform {
  platformId: string;
  issuer: string;
  clientId: string;
  loginUrl: string;
  keysUrl: string;
}

/** A launch in progress. */
export interface LtiState {
  stateHash: string;
  nonce: string;
  platformId: string;
  targetLinkUri: string;
  expiresAt: string;
}

/** A link in a course of a platform. */
export interface LtiResourceLink {
  platformId: string;
  deploymentId: string;
  resourceLinkId: string;
}
