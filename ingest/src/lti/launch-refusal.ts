/** Why a launch is refused. */
export const launchRefusals = {
  platform: 'no platform with this issuer and client id is registered',
  login_hint: 'the platform sent no login_hint',
  target_link: 'target_link_uri does not match this tool or the login request',
  platform_error: 'the platform refused the launch',
  state: 'the state is unknown, expired, or was used before',
  browser: 'this browser did not begin the launch, or blocks its cookie',
  token: 'id_token is missing or not a JWT',
  alg: 'id_token is not signed with RS256',
  key: 'no key with this id in the platform’s key set',
  signature: 'the signature of id_token is invalid',
  issuer: 'id_token was issued by a different issuer',
  audience: 'id_token is for another client',
  azp: 'id_token was issued to another party',
  expired: 'id_token has expired or has no exp claim',
  issued_at: 'id_token has no iat claim, is too old, or was issued in the future',
  nonce: 'the nonce does not match this launch',
  version: 'the LTI version is not 1.3.0',
  message_type: 'messages of this type are not supported',
  deployment: 'the deployment is not registered',
  resource_link: 'the launch names no resource link',
  user: 'the launch names no user',
  deep_linking: 'the request to choose an exam has no valid settings',
  accept_types: 'the platform does not accept a link to an exam here',
  choice: 'the request to choose an exam is unknown, expired, or was answered before',
  attempt: 'the message has no valid attempt number, session data or address for the start of the assessment',
  attempt_unknown: 'this attempt was not started here',
  attempt_over: 'this attempt has ended',
  session_data: 'the session data is not that of the attempt',
  not_observed: 'the observation is not running',
  learner: 'only a learner of the course can be proctored',
  role: 'the user is neither an instructor nor a learner of the course',
  invitation: 'the registration link is unknown, expired, or was used before',
  registration_origin: 'the platform is not the one that was invited',
  registration_answer: 'the platform did not answer the registration as specified',
  no_exam: 'a teacher has not opened this link yet',
  exam_over: 'the exam is over',
} as const;

export type LaunchReason = keyof typeof launchRefusals;

/** A launch that the tool refuses. */
export class LaunchRefusal extends Error {
  override readonly name = 'LaunchRefusal';
  readonly reason: LaunchReason;

  constructor(reason: LaunchReason, cause?: unknown) {
    super(launchRefusals[reason], cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
