// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { answered, button, click, find, rendered, type } from '../../testing/rendered.ts';
import { answerRequests } from '../../testing/requests.ts';
import { phoneAlert, sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { sampleReport } from '../../testing/sample-report.ts';
import { sampleSeat } from '../../testing/sample-seat.ts';
import { ExamWatch } from '../watch/exam-watch.ts';
import type { Reading } from '../watch/live-readings.ts';
import { studentCharts } from './student-charts.ts';
import { StudentDialog } from './student-dialog.tsx';
import { StudentGuidance } from './student-guidance.tsx';

const policy = { live_view: 'none', breaks: true } as never;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the charts of a student', () => {
  /** The values of one reading, by the name of the chart. */
  const valuesOf = (reading: Partial<Reading>): Record<string, unknown[]> =>
    Object.fromEntries(
      studentCharts.map(({ title, lines }) => [
        title,
        lines.map(({ value }) => value({ timestamp: 0, ...reading } as Reading) ?? null),
      ]),
    );

  test('are broken where nothing is known', () => {
    expect(
      Object.values(valuesOf({}))
        .flat()
        .every((value) => value === null),
    ).toBe(true);
  });

  test('show angles in degrees', () => {
    expect(valuesOf({ head_yaw: Math.PI / 6, head_pitch: -Math.PI / 12 })['Head']?.map(Math.round as never)).toEqual([
      30, -15,
    ]);
  });

  test.each([
    ['top_left', [-1, 1]],
    ['left', [-1, 0]],
    ['bottom_left', [-1, -1]],
    ['top', [0, 1]],
    ['center', [0, 0]],
    ['bottom', [0, -1]],
    ['top_right', [1, 1]],
    ['right', [1, 0]],
    ['bottom_right', [1, -1]],
  ] as const)('show the direction %s as %j', (gaze_direction, expected) => {
    expect(valuesOf({ gaze_direction })['Gaze']).toEqual(expected);
  });

  test('tell no phone from an unknown one', () => {
    expect(valuesOf({ phone_present: 0, phone_conf: 12 })['Phone']).toEqual([0]);
    expect(valuesOf({ phone_present: 1, phone_conf: 88 })['Phone']).toEqual([88]);
    expect(valuesOf({ phone_present: null })['Phone']).toEqual([null]);
  });

  test('have their marks on the scale', () => {
    for (const { range, marks } of studentCharts) {
      expect(marks.every((mark) => mark >= range[0] && mark <= range[1])).toBe(true);
    }
  });
});

describe('what a proctor can do about a student', () => {
  const path = '/api/v1/session/s-1';

  /** Writes into one of the forms and sends it: 0 is the message, 1 the note. */
  const write = async (place: HTMLElement, at: number, text: string): Promise<HTMLElement> => {
    const form = place.querySelectorAll('form')[at];
    if (form === undefined) throw new Error('no such form');
    await type(find(form, 'textarea'), text);
    await act(() => void form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
    return form;
  };

  test('is to write: the message goes out trimmed, and the field is empty again', async () => {
    const sent = answerRequests({ [`POST ${path}/messages`]: [200, {}] });
    const place = await rendered(<StudentGuidance sessionId="s-1" policy={policy} isPresent />);
    const form = await write(place, 0, '  Please look up ');
    await waitFor(() => expect(find(form, '[role=status]').textContent).toBe('Sent.'));
    expect(sent[0]?.body).toEqual({ text: 'Please look up' });
    expect((find(form, 'textarea') as HTMLTextAreaElement).value).toBe('');
  });

  test('is to send a ready-made message with one click', async () => {
    const sent = answerRequests({ [`POST ${path}/messages`]: [200, {}] });
    let told = 0;
    const place = await rendered(
      <StudentGuidance sessionId="s-1" policy={policy} isPresent onSent={() => (told += 1)} />,
    );
    await click(button(place, 'Please look at your screen.'));
    await waitFor(() => expect(place.textContent).toContain('Sent.'));
    expect(sent.map(({ body }) => body)).toEqual([{ text: 'Please look at your screen.' }]);
    expect(told).toBe(1);
  });

  test('is not to send nothing', async () => {
    const sent = answerRequests({});
    const place = await rendered(<StudentGuidance sessionId="s-1" policy={policy} isPresent />);
    await write(place, 0, '   ');
    expect(sent).toEqual([]);
  });

  test('keeps a note that could not be saved, with the reason, until it is edited', async () => {
    answerRequests({ [`POST ${path}/flags`]: null });
    const place = await rendered(<StudentGuidance sessionId="s-1" policy={policy} isPresent />);
    const form = await write(place, 1, 'left the room');
    await waitFor(() => expect(find(form, '[role=status]').textContent).toMatch('Could not send'));
    expect((find(form, 'textarea') as HTMLTextAreaElement).value).toBe('left the room');
    await type(find(form, 'textarea'), 'left the room twice');
    expect(find(form, '[role=status]').textContent).toBe('');
  });

  test('states that a disconnected student gets the message later', async () => {
    const place = await rendered(<StudentGuidance sessionId="s-1" policy={policy} isPresent={false} />);
    expect(place.textContent).toContain('will see the message after reconnecting');
  });

  test('is to begin and end a break, where the exam allows it', async () => {
    const sent = answerRequests({ [`POST ${path}/break`]: [200, {}] });
    const place = await rendered(<StudentGuidance sessionId="s-1" policy={policy} isPresent />);
    await click(button(place, 'Start break'));
    await waitFor(() => expect(place.textContent).toContain('Break requested.'));
    await click(button(place, 'End break'));
    await waitFor(() => expect(place.textContent).toContain('End of break requested.'));
    expect(sent.map(({ body }) => body)).toEqual([{ action: 'begin' }, { action: 'end' }]);
    const without = { live_view: 'none', breaks: false } as never;
    expect((await rendered(<StudentGuidance sessionId="s-1" policy={without} isPresent />)).textContent).toContain(
      'This exam does not allow breaks.',
    );
  });
});

describe('one student in full', () => {
  let watch: ExamWatch;

  beforeEach(() => {
    vi.useFakeTimers();
    answerRequests({});
    watch = new ExamWatch({
      exam: sampleExam([sampleStudent('a-1', 'Ada Lovelace'), sampleStudent('a-2', 'Grace')]),
      onExam: () => undefined,
    });
  });
  afterEach(() => watch.close());

  const seat = sampleSeat('Ada Lovelace', { key: 'a-1', studentId: 'a-1', sessionId: 's-1', isPresent: false });

  test('shows name, number, connection and page events', async () => {
    const place = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    expect(find(place, '#student-name').textContent).toBe('Ada Lovelace');
    expect(place.textContent).toContain('Student number a-1 · disconnected · Page events: none');
    expect(find(place, 'a').getAttribute('href')).toBe('/report/?session=s-1');
  });

  test('states that the exam’s policy turns off the live view, or that the student is not connected', async () => {
    const close = (): void => undefined;
    const off = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={close} />);
    expect(off.textContent).toContain('This exam’s policy turns off the live view.');
    const numbers = { live_view: 'numbers', breaks: false } as never;
    const away = await rendered(<StudentDialog watch={watch} seat={seat} policy={numbers} close={close} />);
    expect(away.textContent).toContain('This student is not connected, so there is no live data.');
  });

  test('offers nothing about a session that there is not', async () => {
    const place = await rendered(
      <StudentDialog watch={watch} seat={{ ...seat, sessionId: null }} policy={policy} close={() => undefined} />,
    );
    expect(place.querySelector('form, a')).toBeNull();
    expect(place.textContent).toContain('not connected yet');
  });

  test('lists the open alerts of this student, and no others', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1'));
    watch.alerts.receive(phoneAlert('y', 's-2'));
    await vi.advanceTimersByTimeAsync(1100);
    const place = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    expect(place.querySelectorAll('.dialog-alerts li')).toHaveLength(1);
    expect(find(place, '.dialog-alerts').textContent).toContain('Phone in view');
  });

  test('ends the session after a time in which that can be undone, and reports a failure', async () => {
    let isUp = false;
    const sent = answerRequests({ 'POST /api/v1/session/s-1/end': () => (isUp ? [204, null] : null) });
    const ends = () => sent.filter(({ path }) => path.endsWith('/end')).length;
    const place = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));
    await click(button(place, 'End session'));
    expect(place.textContent).toContain('The session ends in 5 s.');
    await pass(4000);
    await click(button(place, 'Undo'));
    await pass(10_000);
    expect(ends()).toBe(0);
    await click(button(place, 'End session'));
    await pass(5000);
    expect(place.textContent).toContain('The session could not be ended.');
    isUp = true;
    await click(button(place, 'End session'));
    await pass(5000);
    expect(place.textContent).toContain('The session has ended.');
    expect(ends()).toBe(2);
  });

  test('lists messages, notes, calls for help and observations of the session', async () => {
    const entry = (second: number, action: string, detail: object) => ({
      at: `2026-01-05T09:00:0${second}.000Z`,
      actor: 'tina',
      action,
      detail,
    });
    const audit = [
      entry(1, 'session.started', {}),
      entry(2, 'session.message', { text: 'Please turn on a light.' }),
      entry(5, 'session.flag', { note: 'Wears glasses.' }),
      entry(6, 'session.extra_time', { minutes: 10 }),
    ];
    const report = sampleReport();
    answerRequests({
      'GET /api/v1/session/s-1/audit': [200, { audit }],
      'GET /api/v1/session/s-1/report': [200, report],
    });
    const help = { request_id: 'r', kind: 'help' as const, student_id: 'a-1', done_at: null, done_by: null };
    const requests = [{ ...help, text: 'Which light?', at: '2026-01-05T09:00:04.000Z' }];
    watch.state.value = { ...watch.state.value, requests };
    vi.useRealTimers();
    const place = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    await waitFor(() => expect(place.querySelectorAll('.conversation li')).toHaveLength(4));
    expect([...place.querySelectorAll('.conversation p')].map(({ textContent }) => textContent)).toEqual([
      '10 min of extra time',
      'Wears glasses.',
      'Which light?',
      'Please turn on a light.',
    ]);
    await waitFor(() => expect(find(place, '.earlier').textContent).toContain('Phone in view'));
  });

  test('keeps what it has read of the conversation if an earlier answer arrives later', async () => {
    const answers: ((audit: object[]) => void)[] = [];
    answerRequests({
      'GET /api/v1/session/s-1/audit': () =>
        new Promise((resolve) => answers.push((audit) => resolve([200, { audit }]))),
    });
    vi.useRealTimers();
    const place = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    await act(() => void (watch.state.value = { ...watch.state.value }));
    await waitFor(() => expect(answers).toHaveLength(2));
    const sent = {
      at: '2026-01-05T09:00:01.000Z',
      actor: 'tina',
      action: 'session.message',
      detail: { text: 'Hello' },
    };
    await answered(() => answers[1]?.([sent]));
    await answered(() => answers[0]?.([]));
    expect(place.querySelectorAll('.conversation li')).toHaveLength(1);
  });

  test('leads to the previous and the next student in the order of the wall', async () => {
    await vi.advanceTimersByTimeAsync(1100);
    watch.setStudents(watch.state.value.students);
    await vi.advanceTimersByTimeAsync(1100);
    const steps: string[] = [];
    const place = await rendered(
      <StudentDialog
        watch={watch}
        seat={seat}
        policy={policy}
        step={({ key }) => steps.push(key)}
        close={() => undefined}
      />,
    );
    expect(place.textContent).toContain('1 of 2');
    expect((find(place, '[title="Previous student"]') as HTMLButtonElement).disabled).toBe(true);
    await click(find(place, '[title="Next student"]'));
    await act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' })));
    expect(steps).toEqual(['a-2', 'a-2']);
  });

  test('gives extra time in an exam with a time limit', async () => {
    const sent = answerRequests({ 'POST /api/v1/exams/physics/extra-time': [200, { students: 1 }] });
    const without = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    expect(without.querySelector('[data-testid=extra-time]')).toBeNull();
    watch.state.value = { ...watch.state.value, duration_minutes: 60 };
    vi.useRealTimers();
    const place = await rendered(<StudentDialog watch={watch} seat={seat} policy={policy} close={() => undefined} />);
    await click(button(place, '+10 min'));
    await waitFor(() => expect(place.textContent).toContain('Changed for 1 student.'));
    expect(sent.find(({ path }) => path.endsWith('extra-time'))?.body).toMatchObject({
      minutes: 10,
      student_ids: ['a-1'],
    });
  });

  test('can be closed', async () => {
    let isClosed = false;
    const place = await rendered(
      <StudentDialog watch={watch} seat={seat} policy={policy} close={() => (isClosed = true)} />,
    );
    await click(button(place, 'Close'));
    expect(isClosed).toBe(true);
  });
});
