import type { Request } from 'express';
import type { AccessControl, Target } from '../../auth/access.ts';
import type { Action } from '../../auth/access-table.ts';
import { tokenOf } from '../../auth/authenticator.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Principal } from '../../model/principal.ts';
import { HttpProblem } from './answer-problems.ts';

const nothing: Target = { examId: null, memberId: null, sessionId: null };

/** Lets a request through when its token allows what it asks for. */
export class Authorizer {
  readonly #authenticator: Authenticator;
  readonly #access: AccessControl;

  constructor(authenticator: Authenticator, access: AccessControl) {
    this.#authenticator = authenticator;
    this.#access = access;
  }

  /** Who asks; a request without a good token is a problem. The token comes in the header alone: URLs end up in logs. */
  async identify(request: Request): Promise<Principal> {
    const principal = await this.#authenticator.principalOf(tokenOf(request, null));
    if (principal === null) throw new HttpProblem('AUTH_FAILED', 'the token is missing, wrong or expired');
    return principal;
  }

  async check(principal: Principal, action: Action, target: Target | null): Promise<void> {
    if (await this.#access.allows(principal, action, target ?? nothing)) return;
    throw new HttpProblem('ACCESS_DENIED', 'this token does not allow that');
  }

  /** Both: who asks, when they may. */
  async demand(request: Request, action: Action, target: Target | null): Promise<Principal> {
    const principal = await this.identify(request);
    await this.check(principal, action, target);
    return principal;
  }
}
