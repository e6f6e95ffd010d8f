import { examStatuses } from '@invigil/protocol/channels';
import { expect, test } from 'vitest';
import { isOver, transitions, wrongStep } from './exam-status.ts';

test('an exam goes forward only, and what is over stays over', () => {
  for (const { from, to } of Object.values(transitions)) {
    for (const status of from) {
      expect(examStatuses.indexOf(to)).toBeGreaterThan(examStatuses.indexOf(status));
      expect(isOver(status)).toBe(false);
    }
  }
});

test('a step that is not allowed says what would be', () => {
  expect(wrongStep('start', 'SCHEDULED')).toBe('an exam that is SCHEDULED cannot be started; it must be WAITING');
});
