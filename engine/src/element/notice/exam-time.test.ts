import { expect, test } from 'vitest';
import type { ExamNotice } from './exam-notice.ts';
import { examTime } from './exam-time.ts';

const nowMs = Date.UTC(2026, 0, 5, 9, 30);
const notice = (started_at: string | null, ends_at: string | null) => ({ started_at, ends_at }) as ExamNotice;

test.each([
  ['what is left', notice('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'), 'left', 1800],
  ['nothing left after the end', notice('2026-01-05T08:00:00Z', '2026-01-05T09:00:00Z'), 'left', 0],
  ['the exam’s own time without an end', notice('2026-01-05T09:00:00Z', null), 'passed', 1800],
  ['the session’s time before the exam starts', notice(null, null), 'passed', 60],
  ['the session’s time without a notice', null, 'passed', 60],
] as const)('%s', (_what, given, kind, seconds) => {
  expect(examTime(given, nowMs, nowMs - 60_000)).toEqual({ kind, seconds });
});
