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
  /** Keeps answers that have not arrived, across a reload of the page. */
  unsent?: { read: () => string | null; write: (text: string) => void };
  /** How long typing has to pause before an answer is sent, and how long to wait after a failure. */
  pauseMs?: number;
  retryMs?: number;
}

type Given = Pick<SentAnswer, 'question_number' | 'answer'>;

const isGiven = (value: unknown): value is [string, Given] =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  typeof value[1]?.question_number === 'number' &&
  typeof value[1].answer === 'string';

/** Ignores what this page cannot have written. */
const parsed = (text: string | null): [string, Given][] => {
  try {
    const entries: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(entries) ? entries.filter(isGiven) : [];
  } catch {
    return [];
  }
};

/**
 * Sends a student's answers to the exam: the newest for each question. An answer that the server cannot take now is
 * sent again; one that it refuses, because the exam does not collect answers, stays in this tab.
 */
export const createExamWork = ({ save, handIn, chain, unsent, pauseMs = 800, retryMs = 3000 }: ExamWorkOptions) => {
  const waiting = new Map<string, Given>(parsed(unsent?.read() ?? null));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | null = null;
  let handingIn: Promise<void> | null = null;

  const keep = (): void => unsent?.write(JSON.stringify([...waiting]));

  const sendAll = async (): Promise<void> => {
    for (const [questionId, given] of waiting) {
      const answer = await save({ question_id: questionId, ...given, chain: chain() });
      if (!answer.ok && answer.problem === 'unreachable') return schedule(retryMs);
      // An answer that changed in the meantime is sent again.
      if (waiting.get(questionId) === given) waiting.delete(questionId);
      keep();
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

  const sendAndHandIn = async (): Promise<void> => {
    for (;;) {
      await sending;
      await flush();
      clearTimeout(timer);
      // An unreachable server keeps answers waiting. They must arrive first: the exam takes none after the hand-in.
      if (waiting.size === 0) {
        const answer = await handIn(chain());
        if (answer.ok || answer.problem !== 'unreachable') return;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  };

  if (waiting.size > 0) schedule(pauseMs);

  return {
    give(questionId: string, questionNumber: number, answer: string): void {
      waiting.set(questionId, { question_number: questionNumber, answer });
      keep();
      schedule(pauseMs);
    },
    /**
     * Sends the remaining answers, then hands in. While the server cannot be reached, both are kept and retried; resolves when
     * they have arrived.
     */
    handIn(): Promise<void> {
      handingIn ??= sendAndHandIn();
      return handingIn;
    },
  };
};

export type ExamWork = ReturnType<typeof createExamWork>;
