/**
 * Settles as `work` does, or after `timeoutMs` as `onTimeout` does: it returns a substitute or throws. `work` is not cancelled, so
 * completing late must be harmless.
 *
 * @example await withDeadline(client.ping(), 3000, () => { throw busUnavailable('no answer in time'); });
 */
export const withDeadline = async <Result>(
  work: Promise<Result>,
  timeoutMs: number,
  onTimeout: () => Result,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Result>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(onTimeout());
      } catch (error) {
        reject(error);
      }
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
};
