// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { button, click, find, rendered, submit, type } from '../../testing/rendered.ts';
import { acknowledged, phoneAlert, sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { sampleSeat } from '../../testing/sample-seat.ts';
import { newest, watchSockets } from '../../testing/sockets.ts';
import type { TestSocket } from '../../testing/sockets.ts';
import { ExamWatch } from '../watch/exam-watch.ts';
import { AlertList } from './alert-list.tsx';
import { alertSignals, allowNotifications, notify, switchSignal } from './alert-signals.ts';
import { lostConnections, onLostConnection } from './lost-connections.ts';

const running = (sessionId: string) => ({
  session_id: sessionId,
  status: 'running' as const,
  started_at: '2026-01-05T09:00:00.000Z',
  ended_at: null,
  has_frames: true,
  coverage: null,
});
const exam = sampleExam([
  sampleStudent('a-1', 'Ada Lovelace', { sessions: [running('s-1')] }),
  sampleStudent('a-2', 'Grace Hopper', { sessions: [running('s-2')] }),
]);
let watch: ExamWatch;
let sockets: TestSocket[];
let place: HTMLElement;

const nextFrame = () => act(() => vi.advanceTimersByTimeAsync(1100).then(() => undefined));
const alertOf = (alertId: string, sessionId: string, observation: string) => {
  const message = phoneAlert(alertId, sessionId);
  if (message.type !== 'anomaly_detected') throw new Error('not an alert');
  const changed = { ...message.result.observation, type: observation as 'phone_visible' };
  return { ...message, result: { ...message.result, observation: changed } };
};
const choose = (observation: string) =>
  act(() => {
    const filter = find(place, 'select') as HTMLSelectElement;
    filter.value = observation;
    filter.dispatchEvent(new Event('change', { bubbles: true }));
  });

beforeEach(async () => {
  vi.useFakeTimers();
  sockets = watchSockets();
  watch = new ExamWatch({ exam, onExam: () => undefined });
  watch.setStudents(exam.students);
  watch.alerts.open();
  newest(sockets).open();
  newest(sockets).receive({ type: 'pong', timestamp: 't' });
  place = await rendered(<AlertList watch={watch} open={() => undefined} />);
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('open alerts', () => {
  test('are grouped by student, and can be filtered by type', async () => {
    for (const [alertId, sessionId, observation] of [
      ['x', 's-1', 'phone_visible'],
      ['y', 's-2', 'face_absent'],
      ['z', 's-1', 'face_absent'],
    ] as const) {
      watch.alerts.receive(alertOf(alertId, sessionId, observation));
    }
    await nextFrame();
    const groups = () => [...place.querySelectorAll('.alert-group h3')].map(({ textContent }) => textContent);
    expect(groups()).toEqual(['Ada Lovelace', 'Grace Hopper']);
    expect(find(place, '.alert-student').textContent).toContain('2 alerts');
    await choose('phone_visible');
    expect(groups()).toEqual(['Ada Lovelace']);
    expect(place.querySelectorAll('.alert')).toHaveLength(1);
  });

  test('state after how long they ended', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1'));
    const ended = { stream_id: 's-1', alert_id: 'x', duration_s: 7, timestamp: '2026-01-05T09:00:08.000Z' };
    watch.alerts.receive({ type: 'anomaly_ended', ...ended });
    await nextFrame();
    expect(find(place, '.alert').textContent).toContain('ended after 7 s');
  });

  test('that are over do not count up after the page was opened again', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1', { durationS: 12 }));
    watch.alerts.receive(phoneAlert('y', 's-1', { durationS: 0 }));
    await nextFrame();
    const texts = [...place.querySelectorAll('.alert p .number')].map(({ textContent }) => textContent);
    expect(texts).toHaveLength(2);
    expect(texts).toContain('ended after 12 s');
    expect(texts).toContainEqual(expect.stringMatching(/^\d+:\d\d\s[AP]M$/));
  });

  test('that cannot be taken without a connection say so', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1'));
    await nextFrame();
    newest(sockets).close();
    await click(button(place, 'False alarm'));
    expect(find(place, '.alert [role=alert]').textContent).toContain('Not sent');
  });

  test('are taken with an outcome or a note, which all teachers then see', async () => {
    for (const alertId of ['x', 'y']) watch.alerts.receive(phoneAlert(alertId, 's-1'));
    await nextFrame();
    await click(button(place, 'False alarm'));
    await click(find(place, '.alert:nth-child(2) [aria-label^="Note on"]'));
    await type(find(place, 'textarea'), ' A calculator. ');
    await submit(place);
    expect(newest(sockets).sent.filter((sent) => JSON.stringify(sent).includes('ack'))).toEqual([
      { type: 'ack', stream_id: 's-1', alert_id: 'x', outcome: 'false_alarm', note: null },
      { type: 'ack', stream_id: 's-1', alert_id: 'y', outcome: null, note: 'A calculator.' },
    ]);
    const done = acknowledged('y', 's-1');
    watch.alerts.receive({ ...done, outcome: 'talked_to', note: 'A calculator.' } as typeof done);
    await nextFrame();
    expect(find(place, '[data-testid=taken]').textContent).toContain('Spoke to student: A calculator.');
    expect(place.querySelector('[data-testid=unsaved-note]')).toBeNull();
  });

  test('keep a note that is being typed if the alert is filtered out, and if somebody else takes it', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1'));
    watch.alerts.receive(alertOf('y', 's-2', 'face_absent'));
    await nextFrame();
    await click(find(place, '[data-alert=x] [aria-label^="Note on"]'));
    await type(find(place, 'textarea'), 'A calculator.');
    for (const choice of ['face_absent', 'phone_visible']) await choose(choice);
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('A calculator.');
    watch.alerts.receive(acknowledged('x', 's-1', 'grace'));
    await nextFrame();
    const unsaved = find(place, '[data-testid=unsaved-note]');
    expect(unsaved.textContent).toContain('grace acknowledged “Phone in view, Ada Lovelace” first');
    expect((find(unsaved, 'textarea') as HTMLTextAreaElement).value).toBe('A calculator.');
    await click(button(unsaved, 'Discard note'));
    expect(place.querySelector('[data-testid=unsaved-note]')).toBeNull();
  });
});

test('a connection lost for ten seconds is listed, the longest first', () => {
  const seats = [
    sampleSeat('a', { isPresent: false, lostAtMs: 5000 }),
    sampleSeat('b', { isPresent: false, lostAtMs: 2000 }),
    sampleSeat('c', { isPresent: false, lostAtMs: 9000 }),
    sampleSeat('d', { isPresent: false, lostAtMs: 1000, hasEnded: true }),
    sampleSeat('e'),
  ];
  expect(lostConnections(seats, 15_000).map(({ seat }) => seat.name)).toEqual(['b', 'a']);
});

test('announces a lost connection once, and again only if it came back in between', () => {
  const seats = signal([sampleSeat('a'), sampleSeat('b')]);
  const nowMs = signal(0);
  const told: string[] = [];
  const stop = onLostConnection({ seats, nowMs }, (names) => told.push(names.join(', ')));
  seats.value = [
    sampleSeat('a', { isPresent: false, lostAtMs: 0 }),
    sampleSeat('b', { isPresent: false, lostAtMs: 0 }),
  ];
  nowMs.value = 9000;
  expect(told).toEqual([]);
  nowMs.value = 10_000;
  nowMs.value = 11_000;
  expect(told).toEqual(['a, b']);
  seats.value = [sampleSeat('a'), sampleSeat('b', { isPresent: false, lostAtMs: 0 })];
  seats.value = [sampleSeat('a', { isPresent: false, lostAtMs: 500 }), sampleSeat('b')];
  expect(told).toEqual(['a, b', 'a']);
  stop();
  nowMs.value = 60_000;
  expect(told).toHaveLength(2);
});

describe('the signals for new alerts', () => {
  test('are kept across reloads of the tab', () => {
    switchSignal('sound', true);
    expect(sessionStorage.getItem('invigil-alert-sound')).toBe('on');
    expect(alertSignals.sound.value).toBe(true);
    switchSignal('sound', false);
    expect(sessionStorage.getItem('invigil-alert-sound')).toBe('off');
  });

  test('stay off if notifications are switched off before the browser’s question is answered', async () => {
    let allow: () => void = () => undefined;
    const requestPermission = () => new Promise((resolve) => (allow = () => resolve('granted')));
    vi.stubGlobal('Notification', { permission: 'default', requestPermission });
    const box = find(place, '.alert-switches label:nth-of-type(2) input');
    await click(box);
    await click(box);
    await act(async () => allow());
    expect(alertSignals.notification.value).toBe(false);
  });

  test('ask for notifications once, and show them only while the page is not in front', async () => {
    const shown: string[] = [];
    let asked = 0;
    class TestNotification {
      static permission = 'default';
      static requestPermission = async () => {
        asked += 1;
        return (TestNotification.permission = 'granted');
      };
      constructor(_title: string, { body }: { body: string }) {
        shown.push(body);
      }
      addEventListener(): void {}
    }
    vi.stubGlobal('Notification', TestNotification);
    expect([await allowNotifications(), await allowNotifications()]).toEqual([true, true]);
    expect(asked).toBe(1);
    vi.spyOn(document, 'hasFocus').mockReturnValueOnce(true).mockReturnValueOnce(false);
    notify('hidden');
    notify('Phone in view: Ada');
    expect(shown).toEqual(['Phone in view: Ada']);
  });
});
