import type { Answer } from '../api/answer.ts';
import { createAnswerDelivery } from './answer-delivery.ts';
import type { AnswerDeliveryOptions } from './answer-delivery.ts';

export interface ExamWorkOptions extends AnswerDeliveryOptions {
  /** @returns when it was handed in, by the server's clock */
  handIn: (chain: string | null) => Promise<Answer<string>>;
}

/** A hand-in that the server stored. */
export interface StoredHandIn {
  /** ISO 8601, by the server's clock. */
  at: string;
  /** Answers that the exam no longer took, for example because its time was up. */
  refusedAnswers: number;
}

const until = async <Value>(step: () => Promise<Answer<Value>>, retryMs: number): Promise<Answer<Value>> => {
  for (;;) {
    const answer = await step();
    if (answer.ok || answer.problem !== 'unreachable') return answer;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

/** A student's answers and hand-in, each kept until the server has stored it. */
export const createExamWork = ({ handIn, ...options }: ExamWorkOptions) => {
  const { chain, retryMs = 3000 } = options;
  const answers = createAnswerDelivery(options);
  let handingIn: Promise<Answer<StoredHandIn | null>> | null = null;

  /** Answers must arrive first: the exam takes none after the hand-in. */
  const handInAll = async (): Promise<Answer<StoredHandIn | null>> => {
    const delivered = await until(answers.deliver, retryMs);
    // The exam may accept the hand-in although it takes no answers any more. The hand-in's own problem then says more.
    const isClosed = !delivered.ok && (delivered.code === 'WRONG_STATUS' || delivered.code === 'NOT_FOUND');
    if (!delivered.ok && !isClosed) return delivered;
    const handedIn = await until(() => handIn(chain()), retryMs);
    if (handedIn.ok)
      return { ok: true, value: { at: handedIn.value, refusedAnswers: delivered.ok ? 0 : answers.waiting() } };
    return handedIn.code === 'NOT_FOUND' ? { ok: true, value: null } : handedIn;
  };

  return {
    give: answers.give,
    /**
     * Sends the remaining answers, then hands in. While the server cannot be reached, both are kept and retried.
     * @returns the stored hand-in, null if there is no exam to hand in to, or what the server refused. Call it again to retry.
     */
    async handIn(): Promise<Answer<StoredHandIn | null>> {
      handingIn ??= handInAll();
      const answer = await handingIn;
      if (!answer.ok) handingIn = null;
      return answer;
    },
  };
};

export type ExamWork = ReturnType<typeof createExamWork>;
