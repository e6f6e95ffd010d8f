import type { Answer } from '../api/answer.ts';

/** An answer as the server takes it. `chain`: head of the frame chain, which ties the answer to the readings before it. */
export interface SentAnswer {
  question_id: string;
  question_number: number;
  answer: string;
  chain: string | null;
}

export interface ExamWorkOptions {
  save: (answer: SentAnswer) => Promise<Answer<unknown>>;
  handIn: (chain: string | null) => Promise<Answer<unknown>>;
  /** The current head of the frame chain; null before the server's first acknowledgement. */
  chain: () => string | null;
  /** How long typing has to pause before an answer is sent, and how long to wait after a failure. */
  pauseMs?: number;
  retryMs?: number;
}

type Given = Pick<SentAnswer, 'question_number' | 'answer'>;

/**
 * Sends a student's answers to the exam: the newest for each question. An answer that the server cannot take now is
 * sent again; one that it refuses, because the exam does not collect answers, stays in this tab.
 */
export const createExamWork = ({ save, handIn, chain, pauseMs = 800, retryMs = 3000 }: ExamWorkOptions) => {
  const waiting = new Map<string, Given>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | null = null;

  const sendAll = async (): Promise<void> => {
    for (const [questionId, given] of waiting) {
      const answer = await save({ question_id: questionId, ...given, chain: chain() });
      if (!answer.ok && answer.problem === 'unreachable') return schedule(retryMs);
      // An answer that changed in the meantime is sent again.
      if (waiting.get(questionId) === given) waiting.delete(questionId);
    }
    if (waiting.size > 0) schedule(pauseMs);
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    sending ??= sendAll().finally(() => (sending = null));
    return sending;
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  };

  return {
    give(questionId: string, questionNumber: number, answer: string): void {
      waiting.set(questionId, { question_number: questionNumber, answer });
      schedule(pauseMs);
    },
    /** Sends the remaining answers, then hands in. */
    async handIn(): Promise<void> {
      await sending;
      await flush();
      clearTimeout(timer);
      await handIn(chain());
    },
  };
};

export type ExamWork = ReturnType<typeof createExamWork>;
