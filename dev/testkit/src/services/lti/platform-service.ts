import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';

/** An answer that replaces the platform's correct one. */
export interface ServiceFaults {
  /** Status of the next answers, by path. */
  status: Map<string, number>;
  /** Body of the next answers, by path. */
  body: Map<string, string>;
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface Member {
  user: string;
  roles: string[];
  status?: string;
}

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
const nrps = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
const ap = 'application/vnd.ims.lti-ap.v1.control+json';
const scopeOf = {
  '/members': 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  '/control': 'https://purl.imsglobal.org/spec/lti-ap/scope/control.all',
} as const;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const membersPerPage = 2;

/** The services of the test platform, from the texts of the specifications. */
export class PlatformService {
  members: Member[] = [];
  readonly actions: Record<string, unknown>[] = [];
  /** Bodies of registration requests, and the token that came with them. */
  readonly registrations: { body: Record<string, unknown>; token: string | undefined }[] = [];
  readonly faults: ServiceFaults = { status: new Map(), body: new Map() };
  /** Requests by path. */
  readonly requests: string[] = [];
  readonly #issuer: () => string;
  readonly #clientId: string;
  readonly #deploymentId: string;
  readonly #tokens = new Map<string, string>();
  readonly #assertions = new Set<string>();
  /** The tool's address. */
  toolUrl = '';

  constructor(issuer: () => string, clientId: string, deploymentId: string) {
    this.#issuer = issuer;
    this.#clientId = clientId;
    this.#deploymentId = deploymentId;
  }

  /** The tool whose keys verify its messages. */
  trust(toolUrl: string): void {
    this.toolUrl = toolUrl;
  }

  /** The claims of a message that the tool signed for this platform. Rejects if it is not valid. */
  async readMessage(token: string): Promise<JWTPayload> {
    const keys = createRemoteJWKSet(new URL(`${this.toolUrl}/.well-known/lti-keys.json`));
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: this.#clientId,
      audience: this.#issuer(),
      requiredClaims: ['exp', 'iat', 'nonce'],
    });
    return payload;
  }

  async answer(method: string, url: URL, headers: Record<string, string | string[] | undefined>, text: string) {
    const { pathname } = url;
    this.requests.push(pathname);
    const status = this.faults.status.get(pathname);
    if (status !== undefined) return { status, body: {}, headers: { Location: `${this.#issuer()}/elsewhere` } };
    const body = this.faults.body.get(pathname);
    if (body !== undefined) return { status: 200, body };
    const authorization = String(headers['authorization'] ?? '');
    switch (`${method} ${pathname}`) {
      case 'POST /token':
        return await this.#issueToken(new URLSearchParams(text));
      case 'GET /members':
        return this.#guarded('/members', authorization) ?? this.#members(url, String(headers['accept']));
      case 'POST /control':
        return this.#guarded('/control', authorization) ?? this.#control(text, String(headers['content-type']));
      case 'GET /.well-known/openid-configuration':
        return { status: 200, body: this.configuration() };
      case 'POST /registration':
        return this.#register(text, authorization);
      default:
        return null;
    }
  }

  /** LTI Dynamic Registration 1.0, section 3.5. */
  configuration(): Record<string, unknown> {
    const issuer = this.#issuer();
    const types = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiStartProctoring', 'LtiEndAssessment'];
    return {
      issuer,
      authorization_endpoint: `${issuer}/authenticate?tenant=7`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      registration_endpoint: `${issuer}/registration`,
      'https://purl.imsglobal.org/spec/lti-platform-configuration': {
        product_family_code: 'test',
        messages_supported: types.map((type) => ({ type })),
      },
    };
  }

  /** Forgets the tokens that it issued. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  /** IMS Security Framework 1.0, section 4.1: the assertion is signed by the tool, for this endpoint, and works once. */
  async #issueToken(form: URLSearchParams): Promise<Answer> {
    if (form.get('grant_type') !== 'client_credentials' || form.get('client_assertion_type') !== assertionType) {
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    }
    const keys = createRemoteJWKSet(new URL(`${this.toolUrl}/.well-known/lti-keys.json`));
    const assertion = form.get('client_assertion') ?? '';
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: ['RS256'],
      issuer: this.#clientId,
      subject: this.#clientId,
      audience: `${this.#issuer()}/token`,
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    if (this.#assertions.has(payload.jti ?? '')) return { status: 400, body: { error: 'invalid_client' } };
    this.#assertions.add(payload.jti ?? '');
    const token = randomUUID();
    this.#tokens.set(token, form.get('scope') ?? '');
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } };
  }

  #guarded(path: keyof typeof scopeOf, authorization: string): Answer | null {
    const scope = this.#tokens.get(authorization.replace(/^Bearer /, ''));
    return scope?.split(' ').includes(scopeOf[path]) === true ? null : { status: 401, body: {} };
  }

  /** Names and Role Provisioning Services 2.0, section 2.4: pages. */
  #members(url: URL, accept: string): Answer {
    if (accept !== nrps) return { status: 406, body: {} };
    const page = Number(url.searchParams.get('page') ?? 0);
    const shown = this.members.slice(page * membersPerPage, (page + 1) * membersPerPage);
    const isLast = (page + 1) * membersPerPage >= this.members.length;
    const next = `${this.#issuer()}/members?page=${page + 1}`;
    const link = `<${this.#issuer()}/members?since=1>; rel="differences"${isLast ? '' : `, <${next}>; rel="next"`}`;
    return {
      status: 200,
      headers: { 'Content-Type': nrps, Link: link },
      body: {
        id: url.href,
        context: { id: 'course-9' },
        members: shown.map(({ user, roles, status = 'Active' }) => ({
          status,
          name: `Name of ${user}`,
          user_id: `user|${user}`,
          roles: roles.map((role) => membership + role),
        })),
      },
    };
  }

  #control(text: string, contentType: string): Answer {
    if (contentType !== ap) return { status: 406, body: {} };
    const action = JSON.parse(text) as Record<string, unknown>;
    this.actions.push(action);
    const status = action['action'] === 'terminate' ? 'terminated' : 'running';
    return { status: 200, headers: { 'Content-Type': ap }, body: { status } };
  }

  #register(text: string, authorization: string): Answer {
    const body = JSON.parse(text) as Record<string, unknown>;
    const token = /^Bearer (.*)$/.exec(authorization)?.[1];
    this.registrations.push({ body, token });
    const tool = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
    const configured = body[tool] as object;
    return {
      status: 200,
      body: { ...body, client_id: this.#clientId, [tool]: { ...configured, deployment_id: this.#deploymentId } },
    };
  }
}
