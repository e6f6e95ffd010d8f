import type { Request, RequestHandler } from 'express';
import { budgetTable } from '../../budget/budget-table.ts';
import type { UsageBudget } from '../../budget/usage-budget.ts';
import type { ClientAddresses } from '../../network/client-addresses.ts';
import { BodyBytes } from '../body-bytes.ts';
import { HttpProblem } from '../problems/http-problem.ts';

/** Longer than any URL of the API. Matching a path against all routes takes time in proportion to its length. */
const maxUrlLength = 4096;
/** How long a refusal beyond the limit is held back. */
const holdMs = 1000;
/** Refusals held back at a time; beyond it the connection is cut. */
const maxHeld = 2000;

type AddressRate = 'addressRequests' | 'addressRefusals' | 'launches';

/** Limits the load from one address before its sender is authenticated. Addresses of trusted proxies that do not name their client are exempt. */
export class AddressLimits {
  readonly #addresses: ClientAddresses;
  readonly #budget: Pick<UsageBudget, 'spend'>;
  readonly #forms: BodyBytes;
  #held = 0;

  constructor(addresses: ClientAddresses, budget: Pick<UsageBudget, 'spend' | 'refused'>) {
    this.#addresses = addresses;
    this.#budget = budget;
    this.#forms = new BodyBytes({
      limit: budgetTable.formBytes.limit,
      limitPerKey: budgetTable.formBytesPerAddress.limit,
      onCut: () => budget.refused('formBytes'),
    });
  }

  /** Refuses requests beyond the address's rate, and URLs that are too long, before anything else is done for them. */
  readonly check: RequestHandler = (request, _response, next) => {
    if (request.url.length > maxUrlLength) {
      throw new HttpProblem('INVALID_MESSAGE', `the URL is longer than ${maxUrlLength} characters`);
    }
    this.#demand('addressRequests', request, 'too many requests from this address');
    next();
  };

  /** Counts a launch that begins, before a row is written for it. @throws HttpProblem RATE_EXCEEDED */
  countLaunch(request: Request): void {
    this.#demand('launches', request, 'too many launches from this address');
  }

  /** Counts the bytes of a form whose sender is not identified yet, and cuts the connection beyond the limit. Its reader follows in the same turn. */
  countForm(request: Request): void {
    const end = this.#forms.count(request, this.#addresses.limitKey(request));
    request.once('end', end);
  }

  /**
   * Answers a refused request. An address that has many requests refused gets its answers late, so that a flood of them waits at the
   * client instead of keeping the server busy; requests that succeed are not affected.
   */
  answerRefused(request: Request, answer: () => void): void {
    if (this.#spend('addressRefusals', request) === null) return answer();
    if (this.#held >= maxHeld) return void request.socket.destroy();
    this.#held += 1;
    setTimeout(() => {
      this.#held -= 1;
      if (!request.socket.destroyed) answer();
    }, holdMs);
  }

  #demand(limit: AddressRate, request: Request, refusal: string): void {
    const waitMs = this.#spend(limit, request);
    if (waitMs === null) return;
    throw new HttpProblem('RATE_EXCEEDED', refusal, { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  #spend(limit: AddressRate, request: Request): number | null {
    const key = this.#addresses.limitKey(request);
    return key === null ? null : this.#budget.spend(limit, key);
  }
}
