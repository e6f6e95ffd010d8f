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
    let isSettled = false;
    const giveUp = (): void => {
      if (isSettled) return;
      try {
        resolve(onTimeout());
      } catch (error) {
        reject(error);
      }
    };
    // When the process was held up, Node runs due timers before it reads the sockets. An answer that has arrived in time still counts.
    const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
    // Cheaper than a race of promises: every command to Redis comes through here.
    work.then(
      (result) => {
        isSettled = true;
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        isSettled = true;
        clearTimeout(timer);
        reject(error);
      },
    );
  });
