import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();
let openRequests = 0;

/** A request that is being answered. */
export interface OpenRequest {
  /** Runs the work, and everything that it starts until the request ends, under the request's id. */
  run<Result>(work: () => Result): Result;
  end(): void;
}

/**
 * Begins a request. While any request is open, Node tracks every promise of the process, which took 6 % of the server's CPU for a frame
 * (docs/measurements/server.md); so requests have to end.
 */
export const openRequest = (requestId: string): OpenRequest => {
  let isOpen = true;
  openRequests += 1;
  return {
    run: (work) => (isOpen ? requestIds.run(requestId, work) : work()),
    end() {
      if (!isOpen) return;
      isOpen = false;
      openRequests -= 1;
      if (openRequests === 0) requestIds.disable();
    },
  };
};

/** The id of the request that this code works for; null outside of one. */
export const currentRequestId = (): string | null => requestIds.getStore() ?? null;
