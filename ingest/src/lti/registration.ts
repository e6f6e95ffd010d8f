import { createHash, randomBytes, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { LtiInvitationRecords } from '../records/lti-invitation-records.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { ServiceError, requestService } from './service-request.ts';
import { PlatformIdSchema } from './stored-text.ts';
import { platformConfigurationClaim, registrationRequest, toolConfigurationClaim } from './tool-configuration.ts';

export interface RegistrationOptions {
  invitations: LtiInvitationRecords;
  platforms: Pick<LtiRecords, 'register'>;
  publicUrl: string;
  now: () => number;
}

const invitationLifetimeMs = 24 * 3_600_000;

const hashOf = (invitation: string): string => createHash('sha256').update(invitation).digest('base64url');

/** Allows one platform to register itself. @returns the secret part of the link */
export const invitePlatform = async (
  invitations: LtiInvitationRecords,
  origin: string,
  nowMs: number,
): Promise<string> => {
  const invitation = randomBytes(32).toString('base64url');
  const expiresAt = isoTime(nowMs + invitationLifetimeMs);
  await invitations.add({ hash: hashOf(invitation), origin, expiresAt }, isoTime(nowMs));
  return invitation;
};

const UrlSchema = v.pipe(v.string(), v.maxLength(2000), v.url());
const ConfigurationSchema = v.object({
  issuer: UrlSchema,
  authorization_endpoint: UrlSchema,
  token_endpoint: UrlSchema,
  jwks_uri: UrlSchema,
  registration_endpoint: UrlSchema,
  [platformConfigurationClaim]: v.object({ messages_supported: v.array(v.object({ type: v.string() })) }),
});
const RegisteredSchema = v.object({
  client_id: PlatformIdSchema,
  [toolConfigurationClaim]: v.optional(v.object({ deployment_id: v.optional(PlatformIdSchema) })),
});

/** LTI Dynamic Registration 1.0: an invited platform registers itself, and this tool with it. */
export class Registration {
  readonly #options: RegistrationOptions;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /**
   * @param configurationUrl of the platform's OpenID configuration; must be of the invited origin
   * @param token for the platform's registration endpoint
   * @returns the issuer, and whether the platform named a deployment. Without one, an operator adds it with `invigil lti add`
   * @throws LaunchRefusal
   */
  async register(invitation: string, configurationUrl: string, token: string | null) {
    const { invitations, platforms, publicUrl, now } = this.#options;
    const hash = hashOf(invitation);
    const origin = await invitations.origin(hash, isoTime(now()));
    if (origin === null) throw new LaunchRefusal('invitation');
    const isInvited = (url: string): boolean => URL.canParse(url) && new URL(url).origin === origin;
    if (!isInvited(configurationUrl)) throw new LaunchRefusal('registration_origin');
    const configuration = await this.#read(configurationUrl);
    const { issuer, registration_endpoint: endpoint } = configuration;
    // The server will send requests to these. A platform that spreads over several hosts is registered by hand.
    const { authorization_endpoint: loginUrl, token_endpoint: tokenUrl, jwks_uri: keysUrl } = configuration;
    if (![issuer, endpoint, loginUrl, tokenUrl, keysUrl].every(isInvited))
      throw new LaunchRefusal('registration_origin');
    if (!(await invitations.use(hash))) throw new LaunchRefusal('invitation');
    const types = configuration[platformConfigurationClaim].messages_supported.map(({ type }) => type);
    const answer = await this.#send(endpoint, token, registrationRequest(publicUrl, new Set(types)));
    const deploymentId = answer[toolConfigurationClaim]?.deployment_id ?? null;
    const platform = {
      platformId: randomUUID(),
      issuer,
      clientId: answer.client_id,
      loginUrl,
      keysUrl,
      tokenUrl,
      serviceOrigins: [],
    };
    await platforms.register(platform, deploymentId === null ? [] : [deploymentId], isoTime(now()));
    return { issuer, clientId: answer.client_id, hasDeployment: deploymentId !== null };
  }

  async #read(url: string) {
    const { json } = await refusing(requestService(url, { method: 'GET', headers: { Accept: 'application/json' } }));
    const configuration = v.safeParse(ConfigurationSchema, json);
    if (!configuration.success) throw new LaunchRefusal('registration_answer');
    return configuration.output;
  }

  async #send(url: string, token: string | null, body: object) {
    const { json } = await refusing(
      requestService(url, {
        method: 'POST',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      }),
    );
    const registered = v.safeParse(RegisteredSchema, json);
    if (!registered.success) throw new LaunchRefusal('registration_answer');
    return registered.output;
  }
}

const refusing = async <Answer>(request: Promise<Answer>): Promise<Answer> => {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ServiceError) throw new LaunchRefusal('registration_answer', error);
    throw error;
  }
};
