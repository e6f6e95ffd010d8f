import type { Answer, Problem } from '../api/answer.ts';

/** An answer as the server takes it. `chain`: head of the frame chain, which ties the answer to the readings before it. */
export interface SentAnswer {
  question_id: string;
  question_number: number;
  answer: string;
  chain: string | null;
}

export interface AnswerDeliveryOptions {
  save: (answer: SentAnswer) => Promise<Answer<unknown>>;
  /** The current head of the frame chain; null before the server's first acknowledgement. */
  chain: () => string | null;
  /** Keeps answers that have not arrived, across a reload of the page. */
  unsent?: { read: () => string | null; write: (text: string) => void };
  /** How long typing has to pause before an answer is sent, and how long to wait after a failure. */
  pauseMs?: number;
  retryMs?: number;
  /** How long to wait before a refused answer is sent again: the exam may begin, or the student may be readmitted. */
  refusedRetryMs?: number;
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

const arrived: Answer<unknown> = { ok: true, value: null };

/**
 * Sends a student's newest answer to each question. An answer is kept, in this tab too, and sent again until the server
 * has stored it.
 */
export const createAnswerDelivery = ({
  save,
  chain,
  unsent,
  pauseMs = 800,
  retryMs = 3000,
  refusedRetryMs = 30_000,
}: AnswerDeliveryOptions) => {
  const waiting = new Map<string, Given>(parsed(unsent?.read() ?? null));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<Answer<unknown>> | null = null;

  const keep = (): void => unsent?.write(JSON.stringify([...waiting]));

  /** @returns the first problem, if any */
  const sendAll = async (): Promise<Answer<unknown>> => {
    let problem: Problem | null = null;
    for (const [questionId, given] of waiting) {
      const answer = await save({ question_id: questionId, ...given, chain: chain() });
      if (!answer.ok && answer.problem === 'unreachable') {
        schedule(retryMs);
        return answer;
      }
      if (!answer.ok) {
        problem ??= answer;
        continue;
      }
      // An answer that changed in the meantime is sent again.
      if (waiting.get(questionId) === given) waiting.delete(questionId);
      keep();
    }
    if (waiting.size > 0) schedule(problem === null ? pauseMs : refusedRetryMs);
    return problem ?? arrived;
  };

  const flush = (): Promise<Answer<unknown>> => {
    clearTimeout(timer);
    sending ??= sendAll().finally(() => (sending = null));
    return sending;
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  };

  const deliver = async (): Promise<Answer<unknown>> => {
    await sending;
    const answer = await flush();
    clearTimeout(timer);
    // More may have been typed meanwhile.
    return answer.ok && waiting.size > 0 ? deliver() : answer;
  };

  if (waiting.size > 0) schedule(pauseMs);

  return {
    give: (questionId: string, questionNumber: number, answer: string): void => {
      waiting.set(questionId, { question_number: questionNumber, answer });
      keep();
      schedule(pauseMs);
    },
    /** Sends all answers now. @returns the first problem, if any */
    deliver,
    /** The number of answers that the server has not stored. */
    waiting: (): number => waiting.size,
  };
};
