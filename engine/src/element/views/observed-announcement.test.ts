import { expect, test } from 'vitest';
import { noAnnouncement } from './delivery-announcement.ts';
import { nextObservedAnnouncement } from './observed-announcement.ts';

const not = (reason: string, isExplained = false) => ({ text: reason, isObserved: false, isExplained });
const observed = { text: 'Observed', isObserved: true, isExplained: false };

/** The texts that are read out in a row. */
const saidDuring = (moments: readonly (typeof observed)[]): string[] => {
  let announcement = noAnnouncement;
  const said: string[] = [];
  for (const moment of moments) {
    const next = nextObservedAnnouncement(announcement, moment);
    if (next.text !== announcement.text && next.text !== '') said.push(next.text);
    announcement = next;
  }
  return said;
};

test('a student who is observed hears nothing', () => {
  expect(saidDuring([observed, observed])).toEqual([]);
});

test('an outage has two announcements, whatever its reason becomes', () => {
  const outage = ['too dark', 'no face', 'blurred', 'too dark'].map((reason) => not(reason));
  expect(saidDuring([observed, ...outage, observed])).toEqual(['too dark', 'Observed']);
});

test('an outage that an alert explains has its end announced only', () => {
  expect(saidDuring([observed, not('camera lost', true), not('camera lost'), observed])).toEqual(['Observed']);
});
