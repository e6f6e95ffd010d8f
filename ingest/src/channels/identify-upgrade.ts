import type { IncomingMessage } from 'node:http';
import { tokenOf } from '../auth/authenticator.ts';
import type { TokenAuthenticator } from '../auth/authenticator.ts';
import type { Principal } from '../model/principal.ts';
import type { Refusal } from '../realtime/channel.ts';
import type { RequestTarget } from '../realtime/request-target.ts';
import { refuse } from './refuse.ts';

const missing = 'the token is missing; add ?token=… to the URL, or send Authorization: Bearer …';

/** The user of an upgrade request's token, or a refusal whose message names the claim at fault. */
export const identifyUpgrade = async (
  authenticator: Pick<TokenAuthenticator, 'authenticate'>,
  request: IncomingMessage,
  target: RequestTarget,
): Promise<Principal | Refusal> => {
  const token = tokenOf(request, target);
  const authentication = await authenticator.authenticate(token);
  if (authentication.status === 'accepted') return authentication.principal;
  return refuse('AUTH_FAILED', token === null ? missing : authentication.reason);
};

export const isRefusal = (identified: Principal | Refusal): identified is Refusal => 'problem' in identified;
