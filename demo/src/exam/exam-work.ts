import type { Answer, Problem } from '../api/answer.ts';

/** An answer as the server takes it. `chain`: head of the frame chain, which ties the answer to the readings before it. */
export interface SentAnswer {
  question_id: string;
  question_number: number;
  answer: string;
  chain: string | null;
}

export interface ExamWorkOptions {
  save: (answer: SentAnswer) => Promise<Answer<unknown>>;
  /** @returns when it was handed in, by the server's clock */
  handIn: (chain: string | null) => Promise<Answer<string>>;
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

/** A hand-in that the server stored. */
export interface StoredHandIn {
  /** ISO 8601, by the server's clock. */
  at: string;
  /** Answers that the exam no longer took, for example because its time was up. */
  refusedAnswers: number;
}

const arrived: Answer<unknown> = { ok: true, value: null };

const until = async <Value>(step: () => Promise<Answer<Value>>, retryMs: number): Promise<Answer<Value>> => {
  for (;;) {
    const answer = await step();
    if (answer.ok || answer.problem !== 'unreachable') return answer;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

/**
 * Sends a student's newest answer to each question to the exam. An answer is kept, in this tab too, and sent again
 * until the server has stored it.
 */
export const createExamWork = ({
  save,
  handIn,
  chain,
  unsent,
  pauseMs = 800,
  retryMs = 3000,
  refusedRetryMs = 30_000,
}: ExamWorkOptions) => {
  const waiting = new Map<string, Given>(parsed(unsent?.read() ?? null));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<Answer<unknown>> | null = null;
  let handingIn: Promise<Answer<StoredHandIn | null>> | null = null;

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

  /** Answers must arrive first: the exam takes none after the hand-in. */
  const handInAll = async (): Promise<Answer<StoredHandIn | null>> => {
    const delivered = await until(deliver, retryMs);
    // The exam may accept the hand-in although it takes no answers any more. The hand-in's own problem then says more.
    const isClosed = !delivered.ok && (delivered.code === 'WRONG_STATUS' || delivered.code === 'NOT_FOUND');
    if (!delivered.ok && !isClosed) return delivered;
    const handedIn = await until(() => handIn(chain()), retryMs);
    if (handedIn.ok)
      return { ok: true, value: { at: handedIn.value, refusedAnswers: delivered.ok ? 0 : waiting.size } };
    return handedIn.code === 'NOT_FOUND' ? { ok: true, value: null } : handedIn;
  };

  if (waiting.size > 0) schedule(pauseMs);

  return {
    give(questionId: string, questionNumber: number, answer: string): void {
      waiting.set(questionId, { question_number: questionNumber, answer });
      keep();
      schedule(pauseMs);
    },
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
