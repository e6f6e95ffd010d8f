import type { Request } from 'express';
import type { AccessControl, Target } from '../auth/access.ts';
import type { Action } from '../auth/access-table.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Principal } from '../auth/principal.ts';
import { HttpProblem } from './problem-answer.ts';
import { principalOf } from './request-identity.ts';

const nothing: Target = { examId: null, memberId: null, sessionId: null };

/** Lets a request through when its token allows what it asks for. */
export class Doorkeeper {
  readonly #authenticator: Authenticator;
  readonly #access: AccessControl;

  constructor(authenticator: Authenticator, access: AccessControl) {
    this.#authenticator = authenticator;
    this.#access = access;
  }

  /** Who asks, when they may; otherwise a problem. */
  async demand(request: Request, action: Action, target: Target | null): Promise<Principal> {
    const principal = await principalOf(this.#authenticator, request);
    if (!(await this.#access.allows(principal, action, target ?? nothing))) {
      throw new HttpProblem('ACCESS_DENIED', 'this token does not allow that');
    }
    return principal;
  }
}
