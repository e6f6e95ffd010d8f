/** A real OpenID provider for one client. Argument: the settings as JSON. Users sign in with any password. */
import { Provider } from 'oidc-provider';
import type { ProviderSettings } from './openid-provider.ts';

const { port, clientId, clientSecret, clientUrl, roles, areRolesInIdToken } = JSON.parse(
  process.argv[2] ?? '{}',
) as ProviderSettings;

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${clientUrl}/auth/callback`],
      post_logout_redirect_uris: [`${clientUrl}/`],
      backchannel_logout_uri: `${clientUrl}/auth/back-channel-logout`,
      backchannel_logout_session_required: true,
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'roles'] },
  conformIdTokenClaims: !areRolesInIdToken,
  cookies: { keys: ['test'] },
  // Its own dispatcher refuses addresses of this machine.
  fetch: (url: string, { dispatcher: _refusing, ...options }: RequestInit & { dispatcher?: unknown }) =>
    fetch(url, options),
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
  findAccount: (_context: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, roles: roles[id] ?? [] }),
  }),
  pkce: { required: () => true },
});
provider.listen(port, '127.0.0.1');
