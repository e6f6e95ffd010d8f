// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { answered, button, click, find, finished, rendered, submit, type } from '../testing/rendered.ts';
import { answerRequests, heldReply } from '../testing/requests.ts';
import type { SentRequest } from '../testing/requests.ts';
import { sampleExam, sampleStudent } from '../testing/sample-exam.ts';
import { newDraft, policyOf } from './exam-draft.ts';
import { SetupPage } from './setup-page.tsx';

const students = [
  sampleStudent('ada', 'Ada Lovelace', { extra_minutes: 0 }),
  sampleStudent('bob', 'Bob', { extra_minutes: 10 }),
];
const exam = sampleExam(students, {
  status: 'SCHEDULED',
  scheduled_at: null,
  duration_minutes: 90,
  total_questions: null,
  teachers: ['tina'],
  webhook_secret: null,
  policy: policyOf(newDraft),
});
const readsAloud = { name: 'reads aloud', off: ['talking'], longer: { looking_away: 4 } };
const base = '/api/v1/exams/physics';
const replies = {
  [`GET ${base}`]: [200, exam],
  [`GET ${base}/accommodations`]: [200, { students: [{ student_id: 'bob', accommodations: [readsAloud] }] }],
} as const;
let went: string[];

beforeEach(() => {
  went = [];
  vi.spyOn(location, 'assign').mockImplementation((url) => void went.push(String(url)));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const value = (place: HTMLElement, name: string): string => (find(place, `#setup-${name}`) as HTMLInputElement).value;
const changes = (sent: SentRequest[]) => sent.filter(({ method }) => method !== 'GET');

const opened = async (isCopy = false): Promise<HTMLElement> => {
  const place = await rendered(<SetupPage examId="physics" isCopy={isCopy} />);
  await waitFor(() => expect(place.querySelector('form')).not.toBeNull());
  return place;
};

const fileOf = (text: string): File => new File([text], 'class.csv', { type: 'text/csv' });
const chooseFile = async (place: HTMLElement, chosen: string | File): Promise<void> => {
  const input = find(place, '#student-file') as HTMLInputElement;
  const file = typeof chosen === 'string' ? fileOf(chosen) : chosen;
  Object.defineProperty(input, 'files', { value: [file], configurable: true });
  await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
};

describe('the set-up of an exam', () => {
  test('shows what the server has, and sends the changes', async () => {
    const sent = answerRequests({ ...replies, [`PATCH ${base}`]: [200, exam] });
    const place = await opened();
    expect(['title', 'minutes', 'teachers', 'framesDays'].map((name) => value(place, name))).toEqual([
      'Physics I',
      '90',
      'tina',
      '30',
    ]);
    await type(find(place, '#setup-examUrl'), 'https://school.example/questions');
    await click(find(place, '#setup-withoutCamera'));
    await submit(place);
    await waitFor(() => expect(place.textContent).toContain('Saved.'));
    expect(changes(sent)).toMatchObject([
      {
        method: 'PATCH',
        body: {
          title: 'Physics I',
          duration_minutes: 90,
          policy: {
            exam_url: 'https://school.example/questions',
            may_run_without: { camera: true, image_analysis: false },
            retention: { frames_days: 30, reports_days: 365 },
          },
        },
      },
    ]);
  });

  test('shows the server’s objection at its field, which gets the focus', async () => {
    const detail = 'Invalid length: Expected >=1';
    answerRequests({ ...replies, [`PATCH ${base}`]: [400, { detail, field: 'policy.organiser.name' }] });
    const place = await opened();
    await type(find(place, '#setup-organiserContact'), 'exams@school.example');
    await submit(place);
    await waitFor(() => expect(find(place, '#setup-organiserName-problem').textContent).toBe(detail));
    const field = find(place, '#setup-organiserName');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.getAttribute('aria-describedby')).toContain('setup-organiserName-problem');
    await waitFor(() => expect(document.activeElement).toBe(field));
    expect(value(place, 'organiserContact')).toBe('exams@school.example');
  });

  test('keeps what was typed when the exam is read again, and stays in view if that fails', async () => {
    let reads = 0;
    answerRequests({
      ...replies,
      [`GET ${base}`]: () =>
        (reads += 1) === 3 ? null : [200, { ...exam, status: reads === 1 ? 'SCHEDULED' : 'WAITING' }],
      [`POST ${base}/enrolments`]: [204, null],
    });
    const place = await opened();
    await type(find(place, '#setup-title'), 'Physics II');
    await type(find(place, '#setup-minutes'), '60');
    const addStudents = async (): Promise<void> => {
      await chooseFile(place, 'carl,Carl');
      await waitFor(() => button(place, 'Add 1 student'));
      await click(button(place, 'Add 1 student'));
    };
    await addStudents();
    await waitFor(() => expect(find(place, '#setup-minutes').hasAttribute('disabled')).toBe(true));
    expect([value(place, 'title'), value(place, 'minutes')]).toEqual(['Physics II', '90']);
    await addStudents();
    await waitFor(() => expect(place.querySelector('.notice')).not.toBeNull());
    expect(value(place, 'title')).toBe('Physics II');
  });

  test.each([
    { state: 'saved', reply: [200, exam], said: '' },
    { state: 'refused', reply: [400, { detail: 'too short', field: 'duration_minutes' }], said: 'too short' },
  ] as const)('is $state, keeps the focus and shows no “Saved” after later edits', async ({ reply, said }) => {
    const held = heldReply(reply);
    answerRequests({ ...replies, [`PATCH ${base}`]: held.reply });
    const place = await opened();
    await submit(place);
    const title = find(place, '#setup-title');
    title.focus();
    await type(title, 'Physics II');
    const save = button(place, 'Save changes') as HTMLButtonElement;
    expect(save.disabled).toBe(true);
    held.release();
    await waitFor(() => expect(save.disabled).toBe(false));
    expect(find(place, '.buttons [role=status]').textContent).toBe('');
    expect(place.textContent).toContain(said);
    expect(document.activeElement).toBe(title);
  });

  test('shows any other objection below the form', async () => {
    answerRequests({ ...replies, [`PATCH ${base}`]: [409, { detail: 'the exam is WAITING' }] });
    const place = await opened();
    await submit(place);
    await waitFor(() => expect(find(place, '.notice').textContent).toContain('the exam is WAITING'));
  });

  test('fixes times and policy once the waiting room was opened, and everything once the exam is over', async () => {
    const sent = answerRequests({
      ...replies,
      [`GET ${base}`]: [200, { ...exam, status: 'WAITING' }],
      [`PATCH ${base}`]: [200, exam],
    });
    const place = await opened();
    expect(place.querySelectorAll('form .setup-groups :is(input, select):not([disabled])')).toHaveLength(3);
    await submit(place);
    await waitFor(() => expect(changes(sent)).toHaveLength(1));
    expect(Object.keys(changes(sent)[0]?.body as object)).toEqual(['title', 'total_questions', 'teachers']);
    answerRequests({ ...replies, [`GET ${base}`]: [200, { ...exam, status: 'COMPLETED' }] });
    const over = await opened();
    expect(over.querySelectorAll('form .setup-groups :is(input, select):not([disabled])')).toHaveLength(0);
    expect(over.querySelector('#student-file')).toBeNull();
  });

  test('is created on the page without an exam', async () => {
    const sent = answerRequests({ 'POST /api/v1/exams': [201, exam] });
    const place = await rendered(<SetupPage examId={null} isCopy={false} />);
    await type(find(place, '#setup-title'), 'Physics I');
    await submit(place);
    await waitFor(() => expect(went).toEqual(['/setup/?exam=physics']));
    expect(changes(sent)[0]?.body).toEqual({ title: 'Physics I', teachers: [], policy: policyOf(newDraft) });
  });

  test('is duplicated with its students and their accommodations, without its time', async () => {
    const copy = '/api/v1/exams/copy';
    const sent = answerRequests({
      ...replies,
      'POST /api/v1/exams': [201, { ...exam, exam_id: 'copy' }],
      [`POST ${copy}/enrolments`]: [204, null],
      [`PUT ${copy}/accommodations/bob`]: [200, {}],
    });
    const place = await opened(true);
    expect([value(place, 'title'), value(place, 'scheduledAt')]).toEqual(['Physics I (copy)', '']);
    await submit(place);
    await waitFor(() => expect(went).toEqual(['/setup/?exam=copy']));
    expect(find(place, 'form button:not([type])').hasAttribute('disabled')).toBe(true);
    expect(changes(sent).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/exams',
      `POST ${copy}/enrolments`,
      `PUT ${copy}/accommodations/bob`,
    ]);
  });

  test('is deleted only after a confirmation, which names what goes; a refusal is shown', async () => {
    const sent = answerRequests({ ...replies, [`DELETE ${base}`]: [409, { detail: 'it has sessions' }] });
    const place = await opened();
    await click(find(place, '[data-testid=delete-exam]'));
    expect(find(place, 'dialog').textContent).toMatch(/“Physics I”.*2 enrolments.*accommodations.*personal links/);
    expect(changes(sent)).toEqual([]);
    await click(find(place, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(place.textContent).toContain('it has sessions'));
    expect(went).toEqual([]);
  });
});

describe('the students of an exam', () => {
  test('stay removed if an earlier read is answered last', async () => {
    const held = heldReply([200, { ...exam, students: students.slice(1) }]);
    const examReplies = [() => [200, exam] as const, held.reply, () => [200, { ...exam, students: [] }] as const];
    const sent = answerRequests({
      ...replies,
      [`GET ${base}`]: () => examReplies.shift()?.() ?? null,
      [`DELETE ${base}/enrolments/ada`]: [204, null],
      [`DELETE ${base}/enrolments/bob`]: [204, null],
    });
    const place = await opened();
    const remove = async (name: string): Promise<void> => {
      await click(find(place, `[aria-label="Remove ${name}"]`));
      await click(find(place, '[data-testid=confirm-yes]'));
    };
    const reads = () => sent.filter(({ method, path }) => method === 'GET' && path === base).length;
    await remove('Ada Lovelace');
    await waitFor(() => expect(reads()).toBe(2));
    await remove('Bob');
    await waitFor(() => expect(place.querySelector('[data-student]')).toBeNull());
    await answered(held.release);
    expect(place.querySelector('[data-student]')).toBeNull();
  });

  test('are listed with extra time and accommodations', async () => {
    answerRequests(replies);
    const place = await opened();
    await waitFor(() => expect(find(place, '[data-student=bob]').textContent).toContain('reads aloud'));
    expect(find(place, '[data-student=bob]').textContent).toContain('10 min');
    expect(find(place, '[data-student=ada]').textContent).toContain('none');
  });

  test('come from a file only after a look at every line', async () => {
    const sent = answerRequests({ ...replies, [`POST ${base}/enrolments`]: [204, null] });
    const place = await opened();
    await chooseFile(place, 'Name;ID\nAda King;ada\nCarl;carl\nEve;/etc\n');
    await waitFor(() => expect(place.querySelectorAll('.preview-table tbody tr')).toHaveLength(3));
    const rows = [...place.querySelectorAll('.preview-table tbody tr')].map((row) => row.textContent);
    expect(rows[0]).toContain('the name changes from Ada Lovelace');
    expect(rows[1]).toContain('will be added');
    expect(rows[2]).toMatch(/^4\/etc.*not a valid student number/);
    expect(changes(sent)).toEqual([]);
    await click(button(place, 'Add 2 students'));
    await waitFor(() => expect(place.textContent).toContain('2 students were added.'));
    expect(changes(sent)).toMatchObject([
      {
        body: {
          students: [
            { student_id: 'ada', student_name: 'Ada King' },
            { student_id: 'carl', student_name: 'Carl' },
          ],
        },
      },
    ]);
  });

  test('come from the file that was chosen last, although an earlier one takes longer to read', async () => {
    answerRequests(replies);
    const place = await opened();
    const large = fileOf('');
    let finish: () => void = () => undefined;
    large.arrayBuffer = () =>
      new Promise((resolve) => (finish = () => resolve(new TextEncoder().encode('carl,Carl').buffer)));
    await chooseFile(place, large);
    await chooseFile(place, 'dora,Dora');
    await waitFor(() => expect(find(place, '.preview-table').textContent).toContain('Dora'));
    await finished(finish);
    expect(find(place, '.preview-table').textContent).toContain('Dora');
  });

  test('of a file can be discarded, and a file without any is reported', async () => {
    const sent = answerRequests(replies);
    const place = await opened();
    await chooseFile(place, 'carl,Carl');
    await waitFor(() => expect(place.querySelector('.preview-table')).not.toBeNull());
    await click(button(place, 'Discard'));
    expect(place.querySelector('.preview-table')).toBeNull();
    await chooseFile(place, 'id,name');
    await waitFor(() => expect(place.textContent).toContain('This file contains no students.'));
    expect(changes(sent)).toEqual([]);
  });

  test('are removed after a confirmation', async () => {
    const sent = answerRequests({ ...replies, [`DELETE ${base}/enrolments/ada`]: [204, null] });
    const place = await opened();
    await click(find(place, '[aria-label="Remove Ada Lovelace"]'));
    expect(changes(sent)).toEqual([]);
    await click(find(place, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(place.textContent).toContain('Ada Lovelace was removed.'));
    expect(changes(sent)).toMatchObject([{ path: `${base}/enrolments/ada` }]);
  });
});
