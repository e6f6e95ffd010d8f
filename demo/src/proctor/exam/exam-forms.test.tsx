// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { button, click, find, rendered, submit, type } from '../../testing/rendered.ts';
import { answerRequests, heldReply } from '../../testing/requests.ts';
import { sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { EnrolForm } from './enrol-form.tsx';
import { ExamListView } from './exam-list-view.tsx';
import { ExamSteps } from './exam-steps.tsx';
import { NewExamForm } from './new-exam-form.tsx';
import { ProblemNotice } from './problem-notice.tsx';

const exam = sampleExam([sampleStudent('a-1', 'Ada')]);
let went: string[];

beforeEach(() => {
  sessionStorage.clear();
  went = [];
  vi.spyOn(location, 'assign').mockImplementation((url) => void went.push(String(url)));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Waits until the view shows a text. */
const says = (place: HTMLElement, text: string | RegExp): Promise<void> =>
  waitFor(() => expect(place.textContent).toMatch(text));

describe('the form for a new exam', () => {
  const fill = async (place: HTMLElement, title: string, students = '', minutes = ''): Promise<void> => {
    await type(find(place, '#exam-title'), title);
    await type(find(place, '#exam-students'), students);
    await type(find(place, '#exam-minutes'), minutes);
  };

  test('creates an exam from the form, enrols its students and opens it', async () => {
    const sent = answerRequests({
      'POST /api/v1/exams': [201, exam],
      'POST /api/v1/exams/physics/enrolments': [204, null],
    });
    const place = await rendered(<NewExamForm />);
    await fill(place, '  Physics I ', 's-1, Ada\ns-2', '90');
    const [, thumbnails] = place.querySelectorAll<HTMLInputElement>('input[type=radio]');
    await click(thumbnails ?? place);
    const [breaks, withoutCamera] = place.querySelectorAll<HTMLInputElement>('input[type=checkbox]');
    await click(breaks ?? place);
    await click(withoutCamera ?? place);
    await submit(place);
    await waitFor(() => expect(went).toEqual(['/proctor/?exam=physics']));
    expect((button(place, 'Create exam') as HTMLButtonElement).disabled).toBe(true);
    expect(sent.map(({ body }) => body)).toEqual([
      {
        title: 'Physics I',
        duration_minutes: 90,
        policy: { live_view: 'thumbnails', breaks: true, may_run_without: { camera: true, image_analysis: false } },
      },
      { students: [{ student_id: 's-1', student_name: 'Ada' }, { student_id: 's-2' }] },
    ]);
  });

  test('leaves the duration open, shows numbers and allows no breaks by default', async () => {
    const sent = answerRequests({ 'POST /api/v1/exams': [201, exam] });
    const place = await rendered(<NewExamForm />);
    await fill(place, 'Physics I');
    await submit(place);
    await waitFor(() => expect(went).toHaveLength(1));
    expect(sent.map(({ body }) => body)).toEqual([
      {
        title: 'Physics I',
        policy: { live_view: 'numbers', breaks: false, may_run_without: { camera: false, image_analysis: false } },
      },
    ]);
  });

  test('names the line that holds no student, and creates nothing', async () => {
    const sent = answerRequests({});
    const place = await rendered(<NewExamForm />);
    await fill(place, 'Physics I', 's-1\n/etc, Eve');
    await submit(place);
    await says(place, '“/etc, Eve” does not start with a student number');
    expect(sent).toEqual([]);
  });

  test('keeps the form’s contents if the server refuses, and shows the reason', async () => {
    answerRequests({ 'POST /api/v1/exams': [400, { code: 'X', detail: 'duration_minutes must be positive' }] });
    const place = await rendered(<NewExamForm />);
    await fill(place, 'Physics I');
    await submit(place);
    await says(place, 'duration_minutes must be positive');
    expect((find(place, '#exam-title') as HTMLInputElement).value).toBe('Physics I');
    expect((button(place, 'Create exam') as HTMLButtonElement).disabled).toBe(false);
    expect(went).toEqual([]);
  });
});

describe('adding students to an exam', () => {
  test('enrols them, empties the field and reads the exam again', async () => {
    const sent = answerRequests({ 'POST /api/v1/exams/physics/enrolments': [204, null] });
    let reads = 0;
    const place = await rendered(<EnrolForm examId="physics" enrolled={async () => void (reads += 1)} />);
    await type(find(place, 'textarea'), 's-3;Alan');
    await submit(place);
    await waitFor(() => expect(reads).toBe(1));
    expect(sent[0]?.body).toEqual({ students: [{ student_id: 's-3', student_name: 'Alan' }] });
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('');
  });

  test('sends nothing for an empty list, and keeps a list that could not be sent', async () => {
    const sent = answerRequests({ 'POST /api/v1/exams/physics/enrolments': null });
    const place = await rendered(<EnrolForm examId="physics" enrolled={async () => undefined} />);
    await submit(place);
    expect(sent).toEqual([]);
    await type(find(place, 'textarea'), 's-3');
    await submit(place);
    await says(place, 'The server cannot be reached');
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('s-3');
  });

  test('keeps what is typed while others are enrolled', async () => {
    const held = heldReply([204, null]);
    answerRequests({ 'POST /api/v1/exams/physics/enrolments': held.reply });
    let reads = 0;
    const place = await rendered(<EnrolForm examId="physics" enrolled={async () => void (reads += 1)} />);
    await type(find(place, 'textarea'), 's-3');
    await submit(place);
    await type(find(place, 'textarea'), 's-4');
    held.release();
    await waitFor(() => expect(reads).toBe(1));
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('s-4');
  });

  test('names a wrong line, until the list is right', async () => {
    answerRequests({ 'POST /api/v1/exams/physics/enrolments': [204, null] });
    const place = await rendered(<EnrolForm examId="physics" enrolled={async () => undefined} />);
    await type(find(place, 'textarea'), 'é vil');
    await submit(place);
    expect(place.textContent).toContain('“é vil” does not start with a student number');
    await type(find(place, 'textarea'), 's-3');
    await submit(place);
    expect(place.querySelector('.notice')).toBeNull();
  });
});

describe('the steps of an exam', () => {
  test.each([
    ['SCHEDULED', ['Open waiting room', 'Cancel exam']],
    ['WAITING', ['Start exam', 'Cancel exam']],
    ['IN_PROGRESS', ['Complete exam', 'Cancel exam']],
    ['COMPLETED', []],
    ['CANCELLED', []],
  ] as const)('of one that is %s are %j', async (status, names) => {
    const place = await rendered(<ExamSteps exam={{ ...exam, status }} taken={() => undefined} />);
    expect([...place.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual(names);
  });

  test('that can be taken back are taken at once', async () => {
    answerRequests({ 'POST /api/v1/exams/physics/open': [200, { ...exam, status: 'WAITING' }] });
    const taken: string[] = [];
    const place = await rendered(
      <ExamSteps exam={{ ...exam, status: 'SCHEDULED' }} taken={({ status }) => taken.push(status)} />,
    );
    await click(button(place, 'Open waiting room'));
    await waitFor(() => expect(taken).toEqual(['WAITING']));
  });

  test('that are final ask first, and nothing happens without a yes', async () => {
    const sent = answerRequests({ 'POST /api/v1/exams/physics/complete': [200, { ...exam, status: 'COMPLETED' }] });
    const taken: string[] = [];
    const place = await rendered(<ExamSteps exam={exam} taken={({ status }) => taken.push(status)} />);
    await click(button(place, 'Complete exam'));
    expect(find(place, 'dialog').textContent).toContain('Complete the exam for everyone?');
    await click(button(place, 'Go back'));
    expect(place.querySelector('dialog')).toBeNull();
    expect(sent).toEqual([]);
    await click(button(place, 'Complete exam'));
    await click(find(place, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(taken).toEqual(['COMPLETED']));
  });

  test('that the server refuses say why, and can be tried again', async () => {
    answerRequests({ 'POST /api/v1/exams/physics/open': [409, { code: 'X', detail: 'it is open already' }] });
    const place = await rendered(<ExamSteps exam={{ ...exam, status: 'SCHEDULED' }} taken={() => undefined} />);
    await click(button(place, 'Open waiting room'));
    await says(place, 'it is open already');
    expect((button(place, 'Open waiting room') as HTMLButtonElement).disabled).toBe(false);
  });
});

describe('the list of exams', () => {
  test('shows each with its status and the way to it', async () => {
    answerRequests({ 'GET /api/v1/exams': [200, { exams: [exam, { ...exam, exam_id: 'x 2', title: null }] }] });
    const place = await rendered(<ExamListView />);
    await says(place, 'Physics I');
    expect([...place.querySelectorAll('.exam-list a')].map((link) => link.getAttribute('href'))).toEqual([
      '/proctor/?exam=physics',
      '/setup/?exam=physics',
      '/proctor/?exam=x%202',
      '/setup/?exam=x%202',
    ]);
    expect(find(place, '.exam-list').textContent).toContain('x 2');
    expect(find(place, '.badge').textContent).toBe('In progress');
  });

  test('states that there are none, beside the form for the first one', async () => {
    answerRequests({ 'GET /api/v1/exams': [200, { exams: [] }] });
    const place = await rendered(<ExamListView />);
    await says(place, 'No exams yet.');
    expect(place.querySelector('#exam-title')).not.toBeNull();
  });

  test('can be loaded again when the server was away', async () => {
    let isUp = false;
    answerRequests({ 'GET /api/v1/exams': () => (isUp ? [200, { exams: [exam] }] : null) });
    const place = await rendered(<ExamListView />);
    await says(place, 'The server cannot be reached');
    isUp = true;
    await click(button(place, 'Try again'));
    await waitFor(() => expect(find(place, '.exam-list').textContent).toContain('Physics I'));
  });
});

describe('a problem', () => {
  test('about access offers to sign in, where that can help', async () => {
    const forbidden = { ok: false, problem: 'forbidden', detail: 'no teacher' } as const;
    const place = await rendered(<ProblemNotice answer={forbidden} again={() => undefined} />);
    expect(find(place, '[role=alert]').textContent).toContain('You do not have access');
    expect(place.textContent).toContain('no teacher');
    expect(place.querySelector('#token')).not.toBeNull();
    expect((await rendered(<ProblemNotice answer={forbidden} />)).querySelector('#token')).toBeNull();
  });

  test('of any other kind asks for no token', async () => {
    const answer = { ok: false, problem: 'unreachable', detail: null } as const;
    expect(
      (await rendered(<ProblemNotice answer={answer} again={() => undefined} />)).querySelector('#token'),
    ).toBeNull();
  });
});
