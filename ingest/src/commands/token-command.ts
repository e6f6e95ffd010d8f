import { SignJWT } from 'jose';
import { isId } from '@invigil/protocol/frame';
import { loadConfig } from '../config.ts';
import type { AuthConfig } from '../config.ts';
import { IngestError } from '../model/ingest-error.ts';
import { roles } from '../model/principal.ts';
import { readArguments, wrongArguments } from './command.ts';
import type { Command } from './command.ts';

const usage = `invigil token --user ID --role ${roles.join('|')} [--expires 8h]

Signs an access token with JWT_SECRET and prints it. Teachers open /proctor/#token=TOKEN.

  --user ID        the user's id: letters, digits and _ - . ~ @
  --role ROLE      ${roles.join(', ')}
  --expires TIME   lifetime: a number and m, h or d; at most 365d (default 8h)`;

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };
const maxLifetimeSeconds = 365 * 86_400;

const lifetimeOf = (text: string): number | null => {
  const [, count, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit ?? ''] ?? Number.NaN);
  return seconds <= maxLifetimeSeconds ? seconds : null;
};

/** The secret to sign with, and the audience that tokens must have. */
const signingKey = (auth: AuthConfig): { secret: string; audience: string | null } => {
  // Signatures are not checked there.
  if (auth.mode === 'dev') return { secret: 'unchecked', audience: null };
  if (auth.userKeys === null) {
    throw new IngestError(
      'bad_config',
      'cannot sign a token: with AUTH=oidc, the server accepts tokens only if JWT_SECRET is set',
    );
  }
  if (auth.userKeys.kind === 'secret') return { secret: auth.userKeys.secret, audience: auth.audience };
  throw new IngestError(
    'bad_config',
    `cannot sign: tokens of this server are signed with the keys at JWKS_URL (${auth.userKeys.url}); ask its operator for one`,
  );
};

export const tokenCommand: Command = {
  usage,
  async run(args, { environment, now, print, note }) {
    const text = { type: 'string' } as const;
    const { values, positionals } = readArguments(args, usage, { user: text, role: text, expires: text });
    if (positionals[0] !== undefined) throw wrongArguments(`unexpected argument '${positionals[0]}'`, usage);
    const { user, role, expires = '8h' } = values;
    const missing = [...(user === undefined ? ['--user'] : []), ...(role === undefined ? ['--role'] : [])];
    if (missing.length > 0) {
      throw wrongArguments(`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`, usage);
    }
    if (!isId(user)) throw wrongArguments('--user must be an id: letters, digits and _ - . ~ @ only', usage);
    if (!roles.some((known) => known === role))
      throw wrongArguments(`--role must be one of ${roles.join(', ')}`, usage);
    const lifetime = lifetimeOf(expires);
    if (lifetime === null) throw wrongArguments('--expires must be a time such as 30m, 8h or 7d, at most 365d', usage);
    const { auth } = loadConfig(environment);
    const { secret, audience } = signingKey(auth);
    const token = new SignJWT({ user_id: user, role }).setProtectedHeader({ alg: 'HS256' });
    if (audience !== null) token.setAudience(audience);
    const nowSeconds = Math.floor(now() / 1000);
    token.setIssuedAt(nowSeconds).setExpirationTime(nowSeconds + lifetime);
    print(await token.sign(new TextEncoder().encode(secret)));
    if (auth.mode === 'dev')
      note(
        'AUTH=dev: a server with these settings does not verify signatures. To sign for another server, use its settings.',
      );
    return 0;
  },
};
