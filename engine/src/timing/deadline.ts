/** A call into the platform (the browser, or the page's own function) gave no answer in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(call: string, limitMs: number) {
    super(`${call} gave no answer within ${limitMs} ms`);
  }
}

/** Time in which the browser had suspended the page does not count, except for the rest of one step. */
const stepMs = 1000;

/**
 * The answer to a call, or a `DeadlineError` after `limitMs`. Browsers can leave promises unsettled for ever: a blocked
 * database, a driver that hangs, an unanswered prompt.
 *
 * @param call the name of the call, for the error message.
 * @param onLate receives an answer that arrives after the deadline, in order to release it.
 * @example const database = await withDeadline('indexedDB.open', 4000, open(), (late) => late.close());
 */
export const withDeadline = <Answer>(
  call: string,
  limitMs: number,
  answer: PromiseLike<Answer>,
  onLate: (answer: Answer) => void = () => undefined,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number): void => {
      timer = setTimeout(
        () => {
          if (leftMs > stepMs) return wait(leftMs - stepMs);
          isOver = true;
          reject(new DeadlineError(call, limitMs));
        },
        Math.min(stepMs, leftMs),
      );
    };
    wait(limitMs);
    answer.then(
      (value) => {
        clearTimeout(timer);
        if (isOver) onLate(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
