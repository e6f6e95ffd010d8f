/** A learning platform (LMS) that may launch this tool. */
export interface LtiPlatform {
  platformId: string;
  issuer: string;
  clientId: string;
  loginUrl: string;
  keysUrl: string;
  /** Where the tool gets access tokens for the platform's services; null if it uses none of them. */
  tokenUrl: string | null;
  /** Origins of the platform's services, in addition to those of its other addresses. */
  serviceOrigins: readonly string[];
}

/** A launch in progress. */
export interface LtiState {
  stateHash: string;
  nonce: string;
  platformId: string;
  targetLinkUri: string;
  /** Of the proof that the tool stored in the platform's page, because the browser blocks cookies; null if it set a cookie. */
  proofHash: string | null;
  expiresAt: string;
}

/** A link in a course of a platform. */
export interface LtiResourceLink {
  platformId: string;
  deploymentId: string;
  resourceLinkId: string;
}

/** A platform's request to choose an exam for a link in a course. */
export interface LtiDeepLinkRequest {
  requestHash: string;
  platformId: string;
  deploymentId: string;
  contextId: string | null;
  userId: string;
  returnUrl: string;
  /** Returned to the platform unchanged. */
  data: string | null;
  /** Whether the platform can open the link in a new window. */
  opensWindows: boolean;
  expiresAt: string;
}

/** An exam that a teacher chose for a link. Only links of the same deployment and course lead to it. */
export interface LtiItem {
  itemId: string;
  platformId: string;
  deploymentId: string;
  contextId: string | null;
  examId: string;
}

/** One attempt of a student at an assessment on the platform, proctored here. Times are ISO 8601. */
export interface LtiAttempt extends LtiResourceLink {
  attemptId: string;
  attemptNumber: number;
  examId: string;
  studentId: string;
  /** The student's user id at the platform. */
  subject: string;
  startAssessmentUrl: string;
  /** Returned to the platform unchanged, so that it recognises its own request. */
  sessionData: string;
  /** Where the platform accepts actions on the attempt; null if it does not. */
  controlUrl: string | null;
  controlActions: readonly string[];
  createdAt: string;
  endedAt: string | null;
}

/** The members of the course behind a link. */
export interface LtiRoster extends LtiResourceLink {
  examId: string;
  membershipsUrl: string;
}
