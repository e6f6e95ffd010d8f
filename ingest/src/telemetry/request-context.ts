import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

/** Runs the work, and everything that it starts, under a request's id. */
export const inRequest = <Result>(requestId: string, work: () => Result): Result => requestIds.run(requestId, work);

/** The id of the request that this code works for; null outside of one. */
export const currentRequestId = (): string | null => requestIds.getStore() ?? null;
