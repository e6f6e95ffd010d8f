import { expect, test } from 'vitest';
import { systemActors } from '../model/system-actor.ts';
import type { GuidanceAct } from '../records/guidance-records.ts';
import { controlActionOf, endReasonOf } from './control-actions.ts';

const at = '2026-01-05T09:00:00.000Z';

test.each<[string, GuidanceAct, object | null]>([
  ['a message', { action: 'session.message', detail: { message_id: 'm', text: 'Sit up' } }, null],
  ['a note', { action: 'session.flag', detail: { note: 'a phone' } }, { action: 'flag', reasonCode: 'proctor_note' }],
  ['a break', { action: 'session.break', detail: { action: 'begin' } }, { action: 'pause', reasonCode: 'break' }],
  ['its end', { action: 'session.break', detail: { action: 'end' } }, { action: 'resume', reasonCode: 'break' }],
  [
    'extra time',
    { action: 'session.extra_time', detail: { minutes: 15 } },
    { action: 'update', reasonCode: 'extra_time', extraTimeMinutes: 15 },
  ],
])('%s of a proctor tells the platform no more than what to do', (_what, act, told) => {
  const expected = told === null ? null : { severity: 0, incidentTime: at, ...told };
  expect(controlActionOf(act, at)).toEqual(expected);
});

test.each([
  ['the end of the exam', systemActors.examOver, 'exam_over'],
  ['silence', systemActors.sweep, 'session_expired'],
  ['the student', 'ada', 'ended_by_student'],
  ['a proctor', 'tina', 'ended_by_proctor'],
  ['another student’s id', 'adam', 'ended_by_proctor'],
])('a session that was ended by %s has its reason', (_who, actor, reason) => {
  expect(endReasonOf(actor, 'ada')).toBe(reason);
});

test('a session that an unknown actor ended was not ended by its unknown student', () => {
  expect(endReasonOf(null, null)).toBe('ended_by_proctor');
});
