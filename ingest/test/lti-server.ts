import { clockOf, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import type { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { freePort } from '@invigil/testkit/services/free-port';
import type { LtiPlatform } from '@invigil/testkit/services/lti/lti-platform';
import { bearer, jwtSecret } from '@invigil/testkit/tokens/tokens';
import { ltiCommand } from '../src/commands/lti-command.ts';
import { runCommandIn } from './commands/run.ts';

/** A server that learning platforms can launch, and its command line. */
export interface LtiServer {
  server: TestServer;
  environment: Record<string, string>;
  /** Registers the platform by hand. */
  register: (platform: LtiPlatform, ...deployments: string[]) => Promise<unknown>;
}

/** @param more environment variables */
export const startLtiServer = async (now: () => number, more: Record<string, string> = {}): Promise<LtiServer> => {
  const port = await freePort();
  const settings = {
    AUTH: 'oidc',
    LTI: 'on',
    JWT_SECRET: jwtSecret,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: 'http://127.0.0.1:9',
    OIDC_CLIENT_ID: 'invigil',
    ...more,
  };
  const server = await startServer({ ...settings, PORT: String(port) }, {}, undefined, clockOf(now));
  const environment = { ...settings, DATA_DIR: server.dataDir, DUMP_DIR: server.dumpDir };
  return {
    server,
    environment,
    register: (platform, ...deployments) => {
      const { issuer, clientId, loginUrl, keysUrl, tokenUrl } = platform;
      platform.service.trust(server.origin);
      const named = {
        issuer,
        'client-id': clientId,
        'login-url': loginUrl,
        'keys-url': keysUrl,
        'token-url': tokenUrl,
      };
      const flags = Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
      return runCommandIn(
        ltiCommand,
        environment,
        'add',
        ...flags,
        ...deployments.flatMap((id) => ['--deployment', id]),
      );
    },
  };
};

/** The authorisation of the member of staff who is signed in in this browser. */
export const staffOf = async (browser: CookieJar, { origin }: TestServer): Promise<Record<string, string>> => {
  const headers = { 'X-Invigil-Page': '1' };
  const answer = await browser.fetch(`${origin}/auth/token`, { method: 'POST', headers });
  return bearer(((await answer.json()) as { token: string }).token);
};

export const examIn = (location: string | null): string =>
  new URL(location ?? '', 'http://localhost').searchParams.get('exam') ?? '';

/** The authorisation of the personal link to which a launch leads. */
export const linkIn = (location: string | null): Record<string, string> =>
  bearer((location ?? '').replace(/^.*#link=/, ''));
