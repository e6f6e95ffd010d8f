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
    const waitMs = this.#spend('addressRequests', request);
    if (waitMs === null) return next();
    throw new HttpProblem('RATE_EXCEEDED', 'too many requests from this address', {
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    });
  };

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

  #spend(limit: 'addressRequests' | 'addressRefusals', request: Request): number | null {
    const key = this.#addresses.limitKey(request);
    return key === null ? null : this.#budget.spend(limit, key);
  }
}
