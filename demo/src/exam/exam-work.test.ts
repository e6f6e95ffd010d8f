import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../api/answer.ts';
import { createExamWork } from './exam-work.ts';
import type { SentAnswer } from './exam-work.ts';

const taken: Answer<unknown> = { ok: true, value: null };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const workWith = (answers: Answer<unknown>[] = []) => {
  const sent: (SentAnswer | { handedIn: string | null })[] = [];
  let head: string | null = null;
  const work = createExamWork({
    save: async (answer) => {
      sent.push(answer);
      return answers.shift() ?? taken;
    },
    handIn: async (chain) => {
      sent.push({ handedIn: chain });
      return taken;
    },
    chain: () => head,
  });
  return { work, sent, setHead: (next: string) => (head = next) };
};

describe('answers of the exam page', () => {
  test('are sent once typing pauses, with the head of the frame chain', async () => {
    const { work, sent, setHead } = workWith();
    work.give('river', 2, 'The Da');
    work.give('river', 2, 'The Danube');
    setHead('abc');
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual([{ question_id: 'river', question_number: 2, answer: 'The Danube', chain: 'abc' }]);
  });

  test('are sent again until the server can be reached, and not when it refuses them', async () => {
    const unreachable: Answer<unknown> = { ok: false, problem: 'unreachable', detail: null };
    const refused: Answer<unknown> = { ok: false, problem: 'refused', detail: 'the exam is SCHEDULED' };
    const { work, sent } = workWith([unreachable, unreachable, refused]);
    work.give('river', 2, 'The Danube');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(3);
  });

  test('are all sent before the hand-in, which carries the head too', async () => {
    const { work, sent, setHead } = workWith();
    setHead('def');
    work.give('river', 2, 'The Danube');
    await work.handIn();
    expect(sent).toEqual([expect.objectContaining({ question_id: 'river' }), { handedIn: 'def' }]);
  });
});
