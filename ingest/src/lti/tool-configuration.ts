import { scopes } from './claim-names.ts';

/** The addresses of this tool that platforms need, from its public address. */
export const toolAddresses = (publicUrl: string) => {
  const base = publicUrl.replace(/\/$/, '');
  return {
    loginUrl: `${base}/lti/login`,
    launchUrl: `${base}/lti/launch`,
    keysUrl: `${base}/.well-known/lti-keys.json`,
    registrationUrl: `${base}/lti/register`,
    iconUrl: `${base}/icon.svg`,
  };
};

export const platformConfigurationClaim = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
export const toolConfigurationClaim = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

const messageTypes = [
  'LtiResourceLinkRequest',
  'LtiDeepLinkingRequest',
  'LtiStartProctoring',
  'LtiEndAssessment',
] as const;

/**
 * The registration request (LTI Dynamic Registration 1.0, section 3.5). @param supported messages that the platform supports
 */
export const registrationRequest = (publicUrl: string, supported: ReadonlySet<string>): object => {
  const { loginUrl, launchUrl, keysUrl, iconUrl } = toolAddresses(publicUrl);
  const messages = messageTypes.filter((type) => supported.has(type));
  const hasProctoring = messages.includes('LtiStartProctoring');
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: loginUrl,
    redirect_uris: [launchUrl],
    client_name: 'Invigil',
    jwks_uri: keysUrl,
    logo_uri: iconUrl,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: [scopes.memberships, ...(hasProctoring ? [scopes.control] : [])].join(' '),
    [toolConfigurationClaim]: {
      domain: new URL(publicUrl).host,
      description: 'Exam proctoring on the student’s own device',
      target_link_uri: launchUrl,
      // The e-mail address is not used.
      claims: ['iss', 'sub', 'name'],
      messages: messages.map((type) => ({ type, target_link_uri: launchUrl, label: 'Invigil' })),
    },
  };
};
