import { AccessControl } from '../auth/access.ts';
import type { TokenAuthenticator } from '../auth/authenticator.ts';
import { authenticatorOf, sessionSecret } from '../auth/configured-auth.ts';
import { measuredAuthenticator } from '../auth/measured-authenticator.ts';
import { PersonalLinks } from '../auth/personal-links.ts';
import { SessionTokens } from '../auth/session-tokens.ts';
import { recordedExamMembership } from '../exams/recorded-exam-membership.ts';
import { Authorizer } from '../http/middleware/authorize.ts';
import { CameraLinkRecords } from '../records/camera-link-records.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { StaffSessions } from '../sign-in/staff-sessions.ts';
import type { Infrastructure } from './infrastructure.ts';
import { composeSignIn, openStaffSessions } from './sign-in.ts';
import type { ServerPart } from './server-part.ts';

/** Authenticates requests and connections, and decides what they may do. */
export interface Authorization {
  tokens: SessionTokens;
  links: PersonalLinks;
  authenticator: TokenAuthenticator;
  access: AccessControl;
  /** Authenticates and authorises HTTP requests. */
  authorizer: Authorizer;
  /** The routes of staff sign-in; none unless AUTH=oidc. */
  signIn: ServerPart | null;
  /** Sessions of staff who signed in; null unless AUTH=oidc. */
  staff: StaffSessions | null;
}

export const composeAuthorization = (infrastructure: Infrastructure): Authorization => {
  const { config, database, outages, budget, metrics, log, now } = infrastructure;
  const secret = sessionSecret(config.auth, database);
  const tokens = new SessionTokens(secret, config.sessionLifetimeSeconds, new CameraLinkRecords(database));
  const staff = openStaffSessions(infrastructure, secret);
  const links = new PersonalLinks(secret, new ExamLinkRecords(database));
  const authenticator = measuredAuthenticator(authenticatorOf(config.auth, tokens, links, outages, now, staff), {
    seconds: metrics.authenticationSeconds,
    log,
  });
  const membership = recordedExamMembership(new ExamRecords(database), new ExamStudentRecords(database));
  const access = new AccessControl(membership);
  const signIn =
    staff === null || config.auth.mode !== 'oidc' ? null : composeSignIn(infrastructure, config.auth, staff, secret);
  return {
    tokens,
    links,
    authenticator,
    access,
    authorizer: new Authorizer(authenticator, access, budget),
    signIn,
    staff,
  };
};
