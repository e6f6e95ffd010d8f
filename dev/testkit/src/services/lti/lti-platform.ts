import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWK as PublicKey } from 'jose';
import type { CookieJar } from '../../network/cookie-jar.ts';
import { PlatformPages } from './platform-pages.ts';
import { PlatformService } from './platform-service.ts';

type Claims = Record<string, unknown>;

/** What one launch does differently from a correct one. */
export interface LaunchChanges {
  /** Changes the login request. */
  login?: (parameters: URLSearchParams) => void;
  /** Changes the claims before they are signed. */
  claims?: (claims: Claims) => void;
  header?: { alg?: string; kid?: string };
  /** Signs with another key than the published one. */
  forgedKey?: boolean;
  /** Changes the form that the browser brings back. */
  form?: (form: URLSearchParams) => void;
  /** The browser that brings the form back. */
  browser?: CookieJar;
  /** Runs between login and launch. */
  between?: () => void;
}

/** A launch by one user. `message`: its type and the claims of that type; a launch of a resource link by default. */
export interface LaunchOf {
  user: string;
  role: string;
  link?: string;
  message?: Claims;
}

export const ltiClaim = (name: string): string => lti + name;
const deepLinking = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
export const deepLinkingClaim = (name: string): string => deepLinking + name;
const proctoring = 'https://purl.imsglobal.org/spec/lti-ap/claim/';
export const proctoringClaim = (name: string): string => proctoring + name;

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';

/** Parameters that an authentication request must have (IMS Security Framework 1.0, section 5.1.1.2). */
const fixedParameters = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };

/**
 * A learning platform, written from the LTI 1.3 specification and without the tool's code: publishes its keys, begins launches, answers
 * the tool's authentication request, and signs the launch.
 */
export class LtiPlatform {
  readonly clientId = 'client-1';
  readonly deploymentId = 'deployment-1';
  readonly service = new PlatformService(() => this.issuer, this.clientId, this.deploymentId);
  readonly pages = new PlatformPages({
    service: this.service,
    loginUrl: (hint, storageTarget) => this.#loginUrl(hint, storageTarget),
    idToken: (nonce, of) => this.idToken(this.service.toolUrl, nonce, of),
    redirectUri: () => `${this.service.toolUrl}/lti/launch`,
  });
  #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  #key: { kid: string; privateKey: CryptoKey } | null = null;
  #published: PublicKey[] = [];
  #rotations = 0;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    await this.rotateKey();
    return this;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get loginUrl(): string {
    return `${this.issuer}/authenticate?tenant=7`;
  }

  get tokenUrl(): string {
    return `${this.issuer}/token`;
  }

  get keysUrl(): string {
    return `${this.issuer}/keys`;
  }

  /** Signs with a new key from now on; the old one is no longer published. */
  async rotateKey(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${(this.#rotations += 1)}`;
    this.#key = { kid, privateKey };
    this.#published = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }];
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const page = await this.pages.answer(url, new URLSearchParams(text));
    if (page !== null) {
      const location = page.location === undefined ? {} : { Location: page.location };
      response.writeHead(page.status, { 'Content-Type': 'text/html; charset=utf-8', ...location }).end(page.html);
      return;
    }
    const keys = { status: 200, body: { keys: this.#published }, headers: undefined };
    const answer =
      url.pathname === '/keys'
        ? keys
        : ((await this.service.answer(request.method ?? 'GET', url, request.headers, text)) ?? {
            status: 404,
            body: {},
          });
    const headers = { 'Content-Type': 'application/json', ...('headers' in answer ? answer.headers : {}) };
    const { body } = answer;
    response.writeHead(answer.status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #loginUrl(hint: string, storageTarget: string | null): string {
    const parameters = this.loginParameters(this.service.toolUrl, 'somebody');
    parameters.set('lti_message_hint', hint);
    if (storageTarget !== null) parameters.set('lti_storage_target', storageTarget);
    return `${this.service.toolUrl}/lti/login?${parameters.toString()}`;
  }

  /** The parameters of a login request (section 5.1.1.1). */
  loginParameters(toolUrl: string, user: string): URLSearchParams {
    return new URLSearchParams({
      iss: this.issuer,
      client_id: this.clientId,
      login_hint: user,
      lti_message_hint: 'course-9',
      target_link_uri: `${toolUrl}/lti/launch`,
      lti_deployment_id: this.deploymentId,
    });
  }

  /** A whole launch in a browser. @returns the tool's answer, to the login if it refuses that */
  async launch(browser: CookieJar, toolUrl: string, of: LaunchOf, changes: LaunchChanges = {}): Promise<Response> {
    const { user } = of;
    const parameters = this.loginParameters(toolUrl, user);
    changes.login?.(parameters);
    const begun = await browser.fetch(`${toolUrl}/lti/login`, {
      method: 'POST',
      body: parameters,
      headers: { Origin: this.issuer },
    });
    if (begun.status !== 302) return begun;
    const request = new URL(begun.headers.get('location') ?? '');
    this.#demand(request, toolUrl, user);
    const { state, nonce } = Object.fromEntries(request.searchParams);
    const form = new URLSearchParams({
      state: state ?? '',
      id_token: await this.#sign(this.#claims(toolUrl, nonce ?? '', of), changes),
    });
    changes.form?.(form);
    changes.between?.();
    const headers = { Origin: this.issuer };
    return await (changes.browser ?? browser).fetch(`${toolUrl}/lti/launch`, { method: 'POST', body: form, headers });
  }

  /** The signed token of a launch, for a test that carries it itself. */
  idToken(toolUrl: string, nonce: string, of: LaunchOf): Promise<string> {
    return this.#sign(this.#claims(toolUrl, nonce, of), {});
  }

  /** A request to choose an exam (Deep Linking 2.0, section 4.4). */
  deepLinkingRequest(settings: Claims = {}): Claims {
    return {
      [`${lti}message_type`]: 'LtiDeepLinkingRequest',
      [`${lti}resource_link`]: undefined,
      [deepLinkingClaim('deep_linking_settings')]: {
        deep_link_return_url: `${this.issuer}/deep-link-return`,
        accept_types: ['link', 'ltiResourceLink'],
        accept_presentation_document_targets: ['iframe', 'window'],
        data: 'csrf:of-the-platform',
        title: 'Midterm',
        ...settings,
      },
    };
  }

  /** A request to proctor an attempt (Proctoring Services 1.0). */
  startProctoring(attempt = 1, claims: Claims = {}): Claims {
    return {
      [`${lti}message_type`]: 'LtiStartProctoring',
      [proctoringClaim('attempt_number')]: attempt,
      [proctoringClaim('session_data')]: `session-data-${attempt}`,
      [proctoringClaim('start_assessment_url')]: `${this.issuer}/start-assessment`,
      [proctoringClaim('acs')]: {
        actions: ['pause', 'resume', 'terminate', 'update', 'flag'],
        assessment_control_url: `${this.issuer}/control`,
      },
      ...claims,
    };
  }

  endAssessment(attempt = 1, claims: Claims = {}): Claims {
    return {
      [`${lti}message_type`]: 'LtiEndAssessment',
      [proctoringClaim('attempt_number')]: attempt,
      [proctoringClaim('session_data')]: `session-data-${attempt}`,
      ...claims,
    };
  }

  #claims(toolUrl: string, nonce: string, { user, role, link = 'link-1', message = {} }: LaunchOf): Claims {
    const nowS = Math.floor(Date.now() / 1000);
    return {
      iss: this.issuer,
      aud: this.clientId,
      sub: `user|${user}`,
      name: `Name of ${user}`,
      nonce,
      iat: nowS,
      exp: nowS + 300,
      [`${lti}message_type`]: 'LtiResourceLinkRequest',
      [`${lti}version`]: '1.3.0',
      [`${lti}deployment_id`]: this.deploymentId,
      [`${lti}target_link_uri`]: `${toolUrl}/lti/launch`,
      [`${lti}resource_link`]: { id: link, title: 'Final exam' },
      [`${lti}roles`]: [`${membership}${role}`],
      [`${lti}context`]: { id: 'course-9', label: 'PHY 101' },
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
        context_memberships_url: `${this.issuer}/members`,
        service_versions: ['2.0'],
      },
      ...message,
    };
  }

  async #sign(claims: Claims, { claims: change, header, forgedKey = false }: LaunchChanges): Promise<string> {
    change?.(claims);
    const { kid, privateKey } = this.#key!;
    const { alg = 'RS256', kid: named = kid } = header ?? {};
    if (alg === 'none') {
      const encoded = [{ alg, typ: 'JWT' }, claims].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      return `${encoded.join('.')}.`;
    }
    const key = alg.startsWith('HS')
      ? new TextEncoder().encode(JSON.stringify(this.#published[0]))
      : forgedKey || alg !== 'RS256'
        ? (await generateKeyPair(alg)).privateKey
        : privateKey;
    return await new SignJWT(claims).setProtectedHeader({ alg, kid: named, typ: 'JWT' }).sign(key);
  }

  #demand(request: URL, toolUrl: string, user: string): void {
    const expected = {
      ...fixedParameters,
      client_id: this.clientId,
      redirect_uri: `${toolUrl}/lti/launch`,
      login_hint: user,
      lti_message_hint: 'course-9',
      tenant: '7',
    };
    for (const [name, value] of Object.entries(expected)) {
      if (request.searchParams.get(name) !== value) throw new Error(`the authentication request has a wrong ${name}`);
    }
    if (!request.searchParams.get('state') || !request.searchParams.get('nonce')) throw new Error('no state or nonce');
  }
}
