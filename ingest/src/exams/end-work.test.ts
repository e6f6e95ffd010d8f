import { beforeEach, expect, test } from 'vitest';
import { recordsUnavailable } from '../model/ingest-error.ts';
import type { Session } from '../model/session.ts';
import { endWork } from './end-work.ts';
import type { EndWorkOptions } from './end-work.ts';
import { wrongStatus } from './exam-refusal.ts';

let events: string[];
let submitError: Error | null;
let options: EndWorkOptions;
beforeEach(() => {
  [events, submitError] = [[], null];
  options = {
    work: {
      async submit(examId, studentId, { score }) {
        if (submitError !== null) throw submitError;
        events.push(`submit ${examId} ${studentId} ${score}`);
        return { submittedAt: '', score, timeTakenSeconds: 0, chain: null };
      },
    },
    sessions: {
      runningOfExam: async (_examId, students) =>
        ['s1', 's2'].map((sessionId) => ({ sessionId, memberId: students?.join() }) as Session),
    },
    ending: {
      async end({ sessionId, memberId }, actor) {
        events.push(`end ${sessionId} of ${memberId} by ${actor}`);
      },
    } as EndWorkOptions['ending'],
  };
});
const ends = ['end s1 of ada by ada', 'end s2 of ada by ada'];

test('the student’s work is handed in without a score before their sessions end', async () => {
  await endWork(options, 'physics', 'ada');
  expect(events).toEqual(['submit physics ada null', ...ends]);
});

test('a hand-in that is too late still ends the sessions', async () => {
  submitError = wrongStatus('the time is up');
  await endWork(options, 'physics', 'ada');
  expect(events).toEqual(ends);
});

test('a hand-in that failed for want of records ends nothing, so that the caller tries again', async () => {
  submitError = recordsUnavailable('away');
  await expect(endWork(options, 'physics', 'ada')).rejects.toBe(submitError);
  expect(events).toEqual([]);
});
