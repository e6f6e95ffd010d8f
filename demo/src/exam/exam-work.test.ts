import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../api/answer.ts';
import { createExamWork } from './exam-work.ts';
import type { SentAnswer } from './answer-delivery.ts';

const taken: Answer<unknown> = { ok: true, value: null };
const handedIn: Answer<string> = { ok: true, value: '2026-01-05T10:00:00.000Z' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unreachable: Answer<never> = { ok: false, problem: 'unreachable', detail: null };

const workWith = (answers: Answer<unknown>[] = [], handIns: Answer<string>[] = [], kept: string | null = null) => {
  const sent: (SentAnswer | { handedIn: string | null })[] = [];
  let head: string | null = null;
  const work = createExamWork({
    save: async (answer) => {
      sent.push(answer);
      return answers.shift() ?? taken;
    },
    handIn: async (chain) => {
      sent.push({ handedIn: chain });
      return handIns.shift() ?? handedIn;
    },
    chain: () => head,
    unsent: { read: () => kept, write: (text) => (kept = text) },
  });
  return { work, sent, kept: () => kept, setHead: (next: string) => (head = next) };
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

  test('are sent again until the server can be reached', async () => {
    const { work, sent } = workWith([unreachable, unreachable]);
    work.give('river', 2, 'The Danube');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(3);
  });

  test('are kept if the server refuses them, and sent again from time to time', async () => {
    const refused: Answer<unknown> = { ok: false, problem: 'refused', detail: 'too long', code: 'INVALID_MESSAGE' };
    const { work, sent, kept } = workWith([refused]);
    work.give('river', 2, 'The Danube');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(1);
    expect(kept()).toContain('The Danube');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(2);
    expect(kept()).toBe('[]');
  });

  test('that the server refuses stop the hand-in, which can be tried again', async () => {
    const refused: Answer<unknown> = { ok: false, problem: 'refused', detail: 'too long', code: 'INVALID_MESSAGE' };
    const { work, sent } = workWith([refused]);
    work.give('river', 2, 'The Danube');
    expect(await work.handIn()).toEqual(refused);
    expect(sent).toHaveLength(1);
    expect(await work.handIn()).toMatchObject({ ok: true });
    expect(sent.at(-1)).toEqual({ handedIn: null });
  });

  const refusedWith = (code: string, detail = 'the exam is COMPLETED'): Answer<never> => ({
    ok: false,
    problem: 'refused',
    detail,
    code,
  });

  test('that come too late are counted when the exam still takes the hand-in', async () => {
    const { work, kept } = workWith([refusedWith('WRONG_STATUS')]);
    work.give('river', 2, 'The Danube');
    expect(await work.handIn()).toEqual({ ok: true, value: { at: '2026-01-05T10:00:00.000Z', refusedAnswers: 1 } });
    expect(kept()).toContain('The Danube');
  });

  test('and a hand-in that come too late are refused, not handed in', async () => {
    const late = refusedWith('WRONG_STATUS', 'submitting is not allowed while the exam is COMPLETED');
    const { work, sent } = workWith([unreachable, refusedWith('WRONG_STATUS')], [late]);
    work.give('river', 2, 'The Danube');
    const answer = work.handIn();
    await vi.advanceTimersByTimeAsync(3000);
    expect(await answer).toEqual(late);
    expect(sent).toHaveLength(3);
  });

  test('cannot be handed in where there is no exam', async () => {
    const { work } = workWith([refusedWith('NOT_FOUND')], [refusedWith('NOT_FOUND')]);
    work.give('river', 2, 'The Danube');
    expect(await work.handIn()).toEqual({ ok: true, value: null });
  });

  test('report a hand-in that the server refuses', async () => {
    const forbidden: Answer<never> = { ok: false, problem: 'forbidden', detail: null, code: 'AUTH_FAILED' };
    expect(await workWith([], [forbidden]).work.handIn()).toEqual(forbidden);
  });

  test('are all sent before the hand-in, which carries the head too', async () => {
    const { work, sent, setHead } = workWith();
    setHead('def');
    work.give('river', 2, 'The Danube');
    await work.handIn();
    expect(sent).toEqual([expect.objectContaining({ question_id: 'river' }), { handedIn: 'def' }]);
  });

  test('are kept while the server cannot be reached, and arrive before the hand-in', async () => {
    const { work, sent } = workWith([unreachable, unreachable], [unreachable]);
    work.give('river', 2, 'The Danube');
    let isHandedIn = false;
    void work.handIn().then(() => (isHandedIn = true));
    await vi.advanceTimersByTimeAsync(3000);
    expect(isHandedIn).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isHandedIn).toBe(true);
    const river = expect.objectContaining({ question_id: 'river' });
    const end = { handedIn: null };
    expect(sent).toEqual([river, river, river, end, end]);
  });

  test('are sent after the page was reloaded, and only those that had not arrived', async () => {
    const before = workWith([taken, unreachable]);
    before.work.give('sum', 1, '4');
    await vi.advanceTimersByTimeAsync(1000);
    before.work.give('river', 2, 'The Danube');
    await vi.advanceTimersByTimeAsync(1000);
    const after = workWith([], [], before.kept());
    await vi.advanceTimersByTimeAsync(1000);
    expect(after.sent).toEqual([{ question_id: 'river', question_number: 2, answer: 'The Danube', chain: null }]);
    expect(workWith([], [], '{"not":"entries"}').sent).toEqual([]);
    expect(workWith([], [], 'no JSON').sent).toEqual([]);
  });
});
