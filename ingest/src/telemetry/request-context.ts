import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();
/** Open requests that work was run for. */
let trackedRequests = 0;

/** A request that is being answered. */
export interface OpenRequest {
  readonly id: string;
  /** Runs the work, and everything that it starts until the request ends, under the request's id. */
  run<Result>(work: () => Result): Result;
  end(): void;
}

/**
 * Begins a request. From its first `run` until it ends, Node tracks every promise of the process, which took 6 % of the server's CPU for a frame
 * (docs/measurements/server.md); so requests have to end.
 */
export const openRequest = (id: string): OpenRequest => {
  let [isOpen, isTracked] = [true, false];
  return {
    id,
    run(work) {
      if (!isOpen) return work();
      if (!isTracked) trackedRequests += 1;
      isTracked = true;
      return requestIds.run(id, work);
    },
    end() {
      if (!isOpen) return;
      isOpen = false;
      if (!isTracked) return;
      trackedRequests -= 1;
      if (trackedRequests === 0) requestIds.disable();
    },
  };
};

/** The id of the request that this code works for; null outside of one. */
export const currentRequestId = (): string | null => requestIds.getStore() ?? null;
