// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { button, click, find, rendered, submit, type } from '../testing/rendered.ts';
import { answerRequests, heldReply } from '../testing/requests.ts';
import type { SentRequest } from '../testing/requests.ts';
import { sampleExam, sampleStudent } from '../testing/sample-exam.ts';
import { newDraft, policyOf } from './exam-draft.ts';
import { SetupPage } from './setup-page.tsx';

const students = [
  sampleStudent('ada', 'Ada Lovelace', { extra_minutes: 0 }),
  sampleStudent('bob', 'Bob', { extra_minutes: 0 }),
];
const exam = sampleExam(students, {
  duration_minutes: 90,
  scheduled_at: null,
  teachers: [],
  policy: policyOf(newDraft),
});
const base = '/api/v1/exams/physics';
const readsAloud = { name: 'reads aloud', off: ['talking'], longer: { looking_away: 4 } };
const replies = {
  [`GET ${base}`]: [200, exam],
  [`GET ${base}/accommodations`]: [200, { students: [{ student_id: 'bob', accommodations: [readsAloud] }] }],
} as const;

const changes = (sent: SentRequest[]) => sent.filter(({ method }) => method !== 'GET');

afterEach(() => vi.unstubAllGlobals());

const opened = async (): Promise<HTMLElement> => {
  const place = await rendered(<SetupPage examId="physics" isCopy={false} />);
  await waitFor(() => expect(find(place, '[data-student=bob]').textContent).toContain('reads aloud'));
  return place;
};

test('a student is removed without moving the focus from where the user is by then', async () => {
  const exams = [exam, { ...exam, students: students.slice(1) }];
  answerRequests({
    ...replies,
    [`GET ${base}`]: () => [200, exams.shift()],
    [`DELETE ${base}/enrolments/ada`]: [204, null],
  });
  const place = await opened();
  await click(find(place, '[aria-label="Remove Ada Lovelace"]'));
  await click(find(place, '[data-testid=confirm-yes]'));
  find(place, '#setup-title').focus();
  await waitFor(() => expect(place.querySelector('[data-student=ada]')).toBeNull());
  expect(document.activeElement?.id).toBe('setup-title');
});

test('the next dialog has the stored list, and a late answer closes no other dialog', async () => {
  const held = heldReply([200, {}]);
  answerRequests({ ...replies, [`PUT ${base}/accommodations/bob`]: held.reply });
  const place = await opened();
  const dialogOf = async (name: string): Promise<HTMLElement> => {
    await click(find(place, `[aria-label="Accommodations for ${name}"]`));
    return find(place, 'dialog');
  };
  const dialog = await dialogOf('Bob');
  await click(button(dialog, 'Remove this accommodation'));
  await submit(dialog);
  await act(() => void dialog.dispatchEvent(new Event('cancel', { cancelable: true })));
  await dialogOf('Ada Lovelace');
  held.release();
  await waitFor(() => expect(find(place, '[data-student=bob]').textContent).toContain('none'));
  expect(find(place, 'dialog').textContent).toContain('Ada Lovelace');
  await click(button(place, 'Close without saving'));
  expect((await dialogOf('Bob')).querySelector('select')).toBeNull();
});

test('a dialog reopened during a save stays open with the new text, and lets the list be edited once it is saved', async () => {
  const held = heldReply([200, {}]);
  answerRequests({ ...replies, [`PUT ${base}/accommodations/bob`]: held.reply });
  const place = await opened();
  const open = () => click(find(place, '[aria-label="Accommodations for Bob"]'));
  await open();
  await click(button(place, 'Remove this accommodation'));
  await submit(find(place, 'dialog'));
  await click(button(place, 'Close without saving'));
  await open();
  await type(find(place, 'dialog input[type=number]'), '15');
  const list = find(place, 'dialog fieldset') as HTMLFieldSetElement;
  const save = button(place, 'Save') as HTMLButtonElement;
  expect([list.disabled, save.disabled]).toEqual([true, true]);
  held.release();
  await waitFor(() => expect(place.querySelector('dialog select')).toBeNull());
  expect([list.disabled, save.disabled]).toEqual([false, false]);
  expect((find(place, 'dialog input[type=number]') as HTMLInputElement).value).toBe('15');
});

test('a student gets accommodations and extra time in one dialog', async () => {
  const sent = answerRequests({
    ...replies,
    [`PUT ${base}/accommodations/bob`]: [200, {}],
    [`POST ${base}/extra-time`]: [200, { students: 1 }],
  });
  const place = await opened();
  await click(find(place, '[aria-label="Accommodations for Bob"]'));
  const dialog = find(place, 'dialog');
  const chosen = [...dialog.querySelectorAll('select')].map((select) => select.value);
  expect(chosen.filter((choice) => choice !== '1').toSorted()).toEqual(['4', 'off']);
  await type(find(dialog, 'input[type=number]'), '15');
  await submit(dialog);
  await waitFor(() => expect(place.querySelector('dialog')).toBeNull());
  expect(changes(sent).map(({ body }) => body)).toEqual([
    { accommodations: [readsAloud] },
    { minutes: 15, student_ids: ['bob'], request_id: expect.any(String) },
  ]);
});
