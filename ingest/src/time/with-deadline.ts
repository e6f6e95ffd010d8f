/**
 * Settles as `work` does, or after `timeoutMs` as `onTimeout` does: it returns a substitute or throws. `work` is not cancelled, so
 * completing late must be harmless.
 *
 * @example await withDeadline(client.ping(), 3000, () => { throw busUnavailable('no answer in time'); });
 */
export const withDeadline = <Result>(
  work: Promise<Result>,
  timeoutMs: number,
  onTimeout: () => Result,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(onTimeout());
      } catch (error) {
        reject(error);
      }
    }, timeoutMs);
    // Cheaper than a race of promises: every command to Redis comes through here.
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
