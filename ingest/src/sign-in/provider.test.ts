import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LtiPlatformHost } from '../../test/lti-platform-host.ts';
import { Provider } from './provider.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';

let host: LtiPlatformHost;
let privateKey: CryptoKey;
let keySet: object;
let failures: unknown[];
let provider: Provider;
/** What the provider says about itself, beside its required addresses. */
let metadata: object;
let isOut: boolean;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  ({ privateKey } = pair);
  keySet = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'key-1', alg: 'ES256' }] };
  host = await new LtiPlatformHost().start();
});
afterAll(() => host.stop());
beforeEach(() => {
  failures = [];
  metadata = {};
  isOut = false;
  host.requests.length = 0;
  const headers = { 'Content-Type': 'application/json' };
  host.answer = ({ line }) => {
    if (isOut) return { status: 503 };
    if (line === 'GET /keys') return { headers, body: keySet };
    const issuer = host.origin;
    const addresses = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
    return { headers, body: { issuer, jwks_uri: `${issuer}/keys`, ...addresses, ...metadata } };
  };
  const settings = {
    issuer: host.origin,
    clientId: 'invigil',
    clientSecret: null,
    scopes: 'openid profile',
    mapping: { userClaim: 'sub', roleClaim: 'roles', teacherRoles: [], adminRoles: [] },
    redirectUrl: 'https://invigil.example.edu/auth/callback',
    signedOutUrl: 'https://invigil.example.edu/',
    lifetimeSeconds: 3600,
  };
  provider = new Provider(settings, (error) => failures.push(error));
});

const logoutToken = (claims: Record<string, unknown> = {}, alg = 'ES256') => {
  const nowS = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: host.origin,
    aud: 'invigil',
    iat: nowS,
    jti: 'token-1',
    sub: 'hill',
    events: { [event]: {} },
    ...claims,
  })
    .setProtectedHeader({ alg, kid: 'key-1' })
    .sign(alg === 'ES256' ? privateKey : new Uint8Array(32));
};
const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

describe('the provider', () => {
  test('is asked about itself once, although two users sign in at the same time', async () => {
    const [first, second] = await Promise.all([provider.begin('/a'), provider.begin('/b')]);
    expect(host.lines).toHaveLength(1);
    expect(first.pending.state).not.toBe(second.pending.state);
    expect([first.pending.returnTo, second.pending.returnTo]).toEqual(['/a', '/b']);
  });

  test('gets neither the verifier of the code nor the page to return to', async () => {
    const { url, pending } = await provider.begin('/review/?exam=physics');
    expect(url.href).not.toContain(pending.codeVerifier);
    expect(url.href).not.toContain('physics');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  });

  test('that does not answer is asked again by the next user', async () => {
    isOut = true;
    await expect(provider.begin('/')).rejects.toMatchObject({ reason: 'keys_unavailable' });
    isOut = false;
    expect((await provider.begin('/')).url.origin).toBe(host.origin);
    expect(failures).toHaveLength(1);
  });

  test('that describes another issuer is not used', async () => {
    metadata = { issuer: 'https://evil.example.org' };
    await expect(provider.begin('/')).rejects.toMatchObject({ reason: 'keys_unavailable' });
  });

  test('is left where the user is signed out if it has no page for that', async () => {
    expect(await provider.endSessionUrl('id-token')).toBeNull();
  });
});

describe('a logout token', () => {
  test.each([
    ['of one session', { sid: 'session-1' }, { providerSession: 'session-1' }],
    ['of one session without its user', { sid: 'session-1', sub: undefined }, { providerSession: 'session-1' }],
    ['of all sessions of a user', {}, { subject: 'hill' }],
    ['for several clients', { aud: ['other', 'invigil'] }, { subject: 'hill' }],
  ])('%s ends them', async (_what, claims, ended) => {
    const expected = { issuer: host.origin, tokenId: 'token-1', ...ended };
    expect(await provider.readLogoutToken(await logoutToken(claims))).toEqual(expected);
  });

  test.each([
    ['with a nonce, so an ID token cannot be used as one', () => ({ nonce: 'nonce-1' })],
    ['without the event', () => ({ events: {} })],
    ['with an event that is no object', () => ({ events: { [event]: true } })],
    ['without an id', () => ({ jti: undefined })],
    ['without user and session', () => ({ sub: undefined })],
    ['for another client', () => ({ aud: 'other' })],
    ['of another issuer', () => ({ iss: 'https://evil.example.org' })],
    ['without its time', () => ({ iat: undefined })],
    ['that is older than five minutes', () => ({ iat: secondsAgo(400) })],
    ['that has expired', () => ({ exp: secondsAgo(60) })],
  ])('%s is refused', async (_what, claims) => {
    expect(await provider.readLogoutToken(await logoutToken(claims()))).toBeNull();
  });

  test('that only a shared secret signed is refused', async () => {
    expect(await provider.readLogoutToken(await logoutToken({}, 'HS256'))).toBeNull();
  });

  test('is neither accepted nor refused while the provider’s keys cannot be read, so that the provider sends it again', async () => {
    await provider.begin('/');
    isOut = true;
    const token = await logoutToken();
    await expect(provider.readLogoutToken(token)).rejects.toMatchObject({ reason: 'keys_unavailable' });
    isOut = false;
    expect(await provider.readLogoutToken(token)).toMatchObject({ subject: 'hill' });
  });
});
