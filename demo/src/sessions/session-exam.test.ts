// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { examOfSession, rememberExam } from './session-exam.ts';

beforeEach(() => sessionStorage.clear());

test('is known for a session that this tab has started, and for no other', () => {
  rememberExam('s-1', { examId: 'physics', studentId: 'ada' });
  expect(examOfSession('s-1')).toEqual({ examId: 'physics', studentId: 'ada' });
  expect([examOfSession('s-2'), examOfSession(null)]).toEqual([null, null]);
});
