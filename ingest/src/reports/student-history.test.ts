import { expect, test } from 'vitest';
import { historyLimit, StudentHistory } from './student-history.ts';

const historyOf = (reports: number, policies: Readonly<Record<string, boolean>>) => {
  const asked: unknown[] = [];
  const history = new StudentHistory({
    summaries: {
      bringUpToDate: async (examIds) => {
        asked.push(examIds);
        return 0;
      },
      examsOfStudent: async () => [...Object.keys(policies), 'deleted'],
      ofStudent: async (_student, examIds, limit) =>
        Array.from(
          { length: Math.min(limit, reports) },
          () => ({ summary: { exam_id: examIds[0] ?? null }, studentName: null, types: [] }) as never,
        ),
    },
    findExam: async (examId) =>
      examId === 'deleted' ? null : ({ examId, policy: { history: policies[examId] } } as never),
  });
  return { history, asked };
};

test('covers only exams that still exist and whose policy allows it', async () => {
  const { history, asked } = historyOf(1, { closed: false, open: true });
  const { entries, hasMore } = await history.of('ada', null);
  expect(asked).toEqual([['open']]);
  expect(entries.map(({ exam }) => exam.examId)).toEqual(['open']);
  expect(hasMore).toBe(false);
});

test('lists at most the limit, and states that there are more', async () => {
  const at = async (reports: number) => {
    const { entries, hasMore } = await historyOf(reports, { open: true }).history.of('ada', 'tina');
    return [entries.length, hasMore];
  };
  expect(await at(historyLimit)).toEqual([historyLimit, false]);
  expect(await at(historyLimit + 1)).toEqual([historyLimit, true]);
});
