// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { button, click, find, rendered } from '../testing/rendered.ts';
import { answerRequests, heldReply } from '../testing/requests.ts';
import { PhonePlace } from './phone-place.tsx';
import { QrCode } from './qr-code.tsx';
import { createStudentSession } from './student-session.ts';

const link = 'POST /api/v1/session/s-1/camera-link';
const camera = 'GET /api/v1/session/s-1/camera';
const end = 'POST /api/v1/session/s-1/end';
const membership = 'GET /api/v1/session/s-1';
const noWork = { [membership]: [200, { exam_id: null, member_id: null }] as const };

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/exam/?session=s-1');
});
afterEach(() => vi.unstubAllGlobals());

const waiting = { waiting: 0, delivered: 3, lost: 0, chain: null };

/** A session in which the student has chosen a phone. */
const withPhone = async (left = 0) => {
  const session = createStudentSession();
  session.element.stop = async () => ({ ...waiting, waiting: left });
  await session.choosePhone();
  return session;
};

test('a QR code has a quiet zone, and is dark on white', async () => {
  const place = await rendered(<QrCode text="https://exam.example/camera/#code=abc" label="code" />);
  const svg = find(place, 'svg');
  expect(svg.getAttribute('viewBox')).toMatch(/^0 0 (\d+) \1$/);
  const firsts = [...(find(place, 'path').getAttribute('d') ?? '').matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => [x, y]);
  expect(firsts.length).toBeGreaterThan(100);
  expect(Math.min(...firsts.flat().map(Number))).toBe(4);
});

describe('a phone as the camera', () => {
  test('is shown by its link’s code, then as connected and as lost, with the questions from then on', async () => {
    let phone = 'waiting';
    answerRequests({
      [link]: [201, { path: '/camera/#code=abc', expires_at: '2026-01-05T10:00:00.000Z' }],
      [camera]: () => [200, { session_status: 'running', phone, expires_at: null, seen_at: null }],
    });
    const session = await withPhone();
    expect(session.stage.value).toEqual({ stage: 'phone' });
    expect(session.phone.view.value).toMatchObject({ phone: 'waiting', wasConnected: false });
    const place = await rendered(<PhonePlace session={session} />);
    expect(find(place, 'code').textContent).toMatch(/\/camera\/#code=abc$/);
    for (const state of ['connected', 'lost']) {
      phone = state;
      await waitFor(() => expect(session.phone.view.value).toMatchObject({ phone: state, wasConnected: true }));
    }
    session.phone.close();
  });

  test('that is lost can be replaced: the new code stays, even if an earlier poll is answered late', async () => {
    const statusOf = (phone: string) => [200, { session_status: 'running', phone }] as const;
    const before = heldReply(statusOf('connected'));
    const after = heldReply(statusOf('lost'));
    const polls = [() => statusOf('lost'), before.reply, after.reply];
    let code = 0;
    answerRequests({
      [link]: () => [201, { path: `/camera/#code=c-${(code += 1)}` }],
      [camera]: () => polls.shift()?.() ?? null,
    });
    const session = await withPhone();
    const place = await rendered(<PhonePlace session={session} />);
    await waitFor(() => expect(place.textContent).toContain('Phone lost.'));
    await click(button(place, 'Show a new code'));
    await waitFor(() => expect(polls).toHaveLength(1));
    await session.choosePhone();
    await waitFor(() => expect(polls).toHaveLength(0));
    before.release();
    after.release();
    await waitFor(() => expect(place.textContent).toContain('Phone lost.'));
    expect(find(place, 'code').textContent).toMatch(/c-3$/);
    session.phone.close();
  });

  test('offers to write to a proctor, and says whether it was sent', async () => {
    answerRequests({
      [link]: [201, { path: '/camera/#code=abc', expires_at: '2026-01-05T10:00:00.000Z' }],
      [camera]: [200, { session_status: 'running', phone: 'connected', expires_at: null, seen_at: null }],
    });
    const session = await withPhone();
    const asked: string[] = [];
    let isAway = true;
    session.element.help = async (text: string) => {
      if (isAway) throw new Error('away');
      asked.push(text);
    };
    const place = await rendered(<PhonePlace session={session} />);
    const help = find(place, '[data-testid=phone-help]');
    const field = find(help, 'textarea') as HTMLTextAreaElement;
    field.value = ' My pen is broken ';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const press = () => find(help, 'form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    press();
    await waitFor(() => expect(help.textContent).toContain('This could not be sent.'));
    expect(field.value).toBe(' My pen is broken ');
    isAway = false;
    press();
    field.value = 'And my paper';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await waitFor(() => expect(help.textContent).toContain('Your request was sent to the proctors.'));
    expect(asked).toEqual(['My pen is broken']);
    expect(field.value).toBe('And my paper');
    field.value = 'The next one';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await waitFor(() => expect(find(help, '[role=status]').textContent).toBe(''));
    session.phone.close();
  });

  test('waits until the computer’s readings are delivered', async () => {
    const sent = answerRequests({ [link]: [201, { path: '/camera/#code=abc' }] });
    const session = await withPhone(4);
    expect(session.stage.value).toEqual({ stage: 'undelivered' });
    expect(sent).toEqual([]);
  });

  test('stays after a reload of the computer’s page, until the student chooses the computer', async () => {
    answerRequests({
      [link]: [201, { path: '/camera/#code=abc' }],
      [camera]: [200, { session_status: 'running', phone: 'connected' }],
    });
    (await withPhone()).phone.close();
    const reloaded = createStudentSession();
    expect(reloaded.stage.value).toEqual({ stage: 'phone' });
    await waitFor(() => expect(reloaded.phone.view.value.phone).toBe('connected'));
    vi.spyOn(location, 'reload').mockImplementation(() => undefined);
    reloaded.chooseComputer();
    expect(createStudentSession().stage.value).toEqual({ stage: 'consent' });
  });

  test('ends with the exam: by the student, or from elsewhere', async () => {
    let status = 'running';
    const sent = answerRequests({
      ...noWork,
      [end]: [204, null],
      [link]: [201, { path: '/camera/#code=abc' }],
      [camera]: () => [200, { session_status: status, phone: 'connected' }],
    });
    const session = await withPhone();
    await session.end();
    await waitFor(() => expect(session.stage.value).toMatchObject({ stage: 'over' }));
    expect(sent.map(({ path }) => path)).toContain('/api/v1/session/s-1/end');
    const other = await withPhone();
    status = 'ended';
    await waitFor(() => expect(other.stage.value).toEqual({ stage: 'over', lost: null }));
  });
});
