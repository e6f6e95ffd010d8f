import type { Request } from 'express';
import type { AccessControl, Target } from '../../auth/access.ts';
import type { Action } from '../../auth/access-table.ts';
import { tokenOf } from '../../auth/authenticator.ts';
import type { TokenAuthenticator } from '../../auth/authenticator.ts';
import { FairQueue } from '../../budget/fair-queue.ts';
import { budgetTable } from '../../budget/budget-table.ts';
import type { UsageBudget } from '../../budget/usage-budget.ts';
import type { Principal } from '../../model/principal.ts';
import { BodyBytes } from '../body-bytes.ts';
import { HttpProblem } from '../problems/http-problem.ts';

/** A new token does not fix these; the identity provider must be configured. */
const userIdClaims: ReadonlySet<string> = new Set(['user_id', 'sub']);

const noTarget: Target = { examId: null, memberId: null, sessionId: null };

/** The only place where HTTP requests are authenticated and checked against the access table. */
export class Authorizer {
  readonly #authenticator: TokenAuthenticator;
  readonly #access: AccessControl;
  readonly #budget: UsageBudget;
  readonly #turns = new FairQueue({
    running: budgetTable.requestsAtATime.limit,
    waiting: budgetTable.requestsWaiting.limit,
  });
  /** Counts the bytes of request bodies being read. */
  readonly bodies: BodyBytes;
  /** Ensures that a request whose body is read after identification is authenticated, and counted, only once. */
  readonly #identified = new WeakMap<Request, Promise<Principal>>();

  constructor(authenticator: TokenAuthenticator, access: AccessControl, budget: UsageBudget) {
    this.#authenticator = authenticator;
    this.#access = access;
    this.#budget = budget;
    this.bodies = new BodyBytes({
      limit: budgetTable.unfinishedBodyBytes.limit,
      onCut: () => budget.refused('unfinishedBodyBytes'),
    });
  }

  /**
   * The user of the request's token. The token is read from the `Authorization` header only, because URLs end up in logs.
   * @throws HttpProblem AUTH_FAILED; INVALID_MESSAGE for a valid token whose user id cannot be used here; RATE_EXCEEDED
   */
  identify(request: Request): Promise<Principal> {
    const known = this.#identified.get(request);
    if (known !== undefined) return known;
    const identified = this.#identify(request);
    this.#identified.set(request, identified);
    return identified;
  }

  async #identify(request: Request): Promise<Principal> {
    const authentication = await this.#authenticator.authenticate(tokenOf(request, null));
    if (authentication.status === 'accepted') {
      const principal = this.#count(authentication.principal);
      await this.#takeTurn(request, principal);
      return principal;
    }
    const { reason, claim } = authentication;
    const code = claim !== null && userIdClaims.has(claim) ? 'INVALID_MESSAGE' : 'AUTH_FAILED';
    throw new HttpProblem(code, reason, claim === null ? {} : { field: claim });
  }

  #count(principal: Principal): Principal {
    const waitMs = principal.role === 'ADMIN' ? null : this.#budget.spend('requests', principal.userId);
    if (waitMs === null) return principal;
    throw new HttpProblem('RATE_EXCEEDED', 'too many requests', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  /** Waits until it is this user's turn. The turn ends with the response. */
  async #takeTurn(request: Request, { role, userId }: Principal): Promise<void> {
    if (role === 'ADMIN') return;
    const end = await this.#turns.enter(userId);
    if (end === null) {
      this.#budget.refused('requests');
      throw new HttpProblem('RATE_EXCEEDED', 'too many requests at a time', { retryAfterSeconds: 1 });
    }
    const { res: response } = request;
    if (response === undefined || response.closed || response.destroyed) return end();
    response.once('close', end);
  }

  /**
   * @param target null for an action that concerns no particular exam, student or session.
   * @throws HttpProblem ACCESS_DENIED
   */
  async requireAccess(principal: Principal, action: Action, target: Target | null): Promise<void> {
    if (!(await this.#access.allows(principal, action, target ?? noTarget))) throw accessDenied();
  }

  /** `identify`, then `requireAccess`. */
  async authorize(request: Request, action: Action, target: Target | null): Promise<Principal> {
    const principal = await this.identify(request);
    await this.requireAccess(principal, action, target);
    return principal;
  }
}

export const accessDenied = (): HttpProblem =>
  new HttpProblem('ACCESS_DENIED', 'this token does not allow this request');
