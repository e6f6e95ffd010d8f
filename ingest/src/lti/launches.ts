import { createHash, randomBytes } from 'node:crypto';
import type { LtiPlatform } from '../model/lti-platform.ts';
import type { LtiRecords } from '../records/lti-records.ts';
import { isoTime } from '../time/iso-time.ts';
import type { Launch } from './launch-claims.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import { readLaunchToken } from './launch-token.ts';
import type { PlatformKeys } from './platform-keys.ts';

export interface LaunchesOptions {
  records: LtiRecords;
  keys: PlatformKeys;
  /** The only address that platforms may launch. */
  launchUrl: string;
  now: () => number;
}

/** The parameters of a platform's login request. */
export interface LoginRequest {
  issuer: string;
  clientId: string | null;
  loginHint: string;
  messageHint: string | null;
  targetLinkUri: string;
  /** Whether the browser's page stores the proof in the platform's page, because it may block cookies. */
  usesPlatformStorage: boolean;
}

/** A login that goes on at `url`. `proof` is null if a cookie with the state proves that the same browser comes back. */
export interface BegunLogin {
  url: string;
  state: string;
  proof: string | null;
}

/** How a browser shows that it began the launch: by its cookie, or by what the tool stored in the platform's page. */
export type BrowserProof = { kind: 'cookie'; state: string | null } | { kind: 'storage'; proof: string };

export interface VerifiedLaunch {
  platform: LtiPlatform;
  launch: Launch;
}

const stateLifetimeMs = 600_000;

const hashOf = (value: string): string => createHash('sha256').update(value).digest('base64url');
const randomText = (): string => randomBytes(32).toString('base64url');

/** Login requests and launches of learning platforms (LTI 1.3): checks them, and leaves what follows to others. */
export class Launches {
  readonly #options: LaunchesOptions;

  constructor(options: LaunchesOptions) {
    this.#options = options;
  }

  /** The answer to a platform's login request. */
  async begin(request: LoginRequest): Promise<BegunLogin> {
    const { records, launchUrl, now } = this.#options;
    const platform = await records.find(request.issuer, request.clientId);
    if (platform === null) throw new LaunchRefusal('platform');
    if (request.loginHint === '') throw new LaunchRefusal('login_hint');
    if (request.targetLinkUri !== launchUrl) throw new LaunchRefusal('target_link');
    const [state, nonce] = [randomText(), randomText()];
    const proof = request.usesPlatformStorage ? randomText() : null;
    await records.addState(
      {
        stateHash: hashOf(state),
        nonce,
        platformId: platform.platformId,
        targetLinkUri: request.targetLinkUri,
        proofHash: proof === null ? null : hashOf(proof),
        expiresAt: isoTime(now() + stateLifetimeMs),
      },
      isoTime(now()),
    );
    return { url: this.#authenticationUrl(platform, request, state, nonce), state, proof };
  }

  /** The origin of the platform's page that stored the proof of this launch; null if the launch has a cookie instead. */
  async storageOrigin(state: unknown): Promise<string | null> {
    if (typeof state !== 'string') return null;
    const { records, now } = this.#options;
    const platform = await records.platformOfProof(hashOf(state), isoTime(now()));
    return platform === null ? null : new URL(platform.loginUrl).origin;
  }

  /** @throws LaunchRefusal @throws IngestError `keys_unavailable` if the platform does not answer */
  async finish(state: unknown, browser: BrowserProof, idToken: unknown): Promise<VerifiedLaunch> {
    const { records, keys, now } = this.#options;
    if (typeof state !== 'string') throw new LaunchRefusal('state');
    if (browser.kind === 'cookie' && browser.state !== state) throw new LaunchRefusal('browser');
    const taken = await records.takeState(hashOf(state), isoTime(now()));
    if (taken === null) throw new LaunchRefusal('state');
    const { platform } = taken;
    if (browser.kind === 'storage' && hashOf(browser.proof) !== taken.state.proofHash)
      throw new LaunchRefusal('browser');
    const key = keys.of(platform.keysUrl);
    const launch = await readLaunchToken(idToken, { ...taken, key, nowMs: now() });
    if (!(await records.hasDeployment(platform.platformId, launch.deploymentId))) throw new LaunchRefusal('deployment');
    return { platform, launch };
  }

  #authenticationUrl({ loginUrl, clientId }: LtiPlatform, request: LoginRequest, state: string, nonce: string): string {
    const url = new URL(loginUrl);
    const parameters = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: clientId,
      redirect_uri: this.#options.launchUrl,
      login_hint: request.loginHint,
      ...(request.messageHint === null ? {} : { lti_message_hint: request.messageHint }),
      state,
      nonce,
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }
}
