// @vitest-environment happy-dom
import type { ComponentChild } from 'preact';
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import type { Problem } from '../api/answer.ts';
import type { PhoneState } from '../api/camera-api.ts';
import { CameraPage } from '../camera/camera-page.tsx';
import type { CameraStage } from '../camera/camera-session.ts';
import { NextSteps } from '../exam/next-steps.tsx';
import type { PhoneView } from '../exam/phone-camera.ts';
import { PhonePlace } from '../exam/phone-place.tsx';
import type { ExamStage, StudentSession } from '../exam/student-session.ts';
import { ExamView } from '../proctor/exam/exam-view.tsx';
import { ExamListView } from '../proctor/exam/exam-list-view.tsx';
import { LinkNotices } from '../proctor/exam/link-notices.tsx';
import type { LinkState } from '../proctor/links/socket-link.ts';
import type { ExamWatch } from '../proctor/watch/exam-watch.ts';
import { ReportPage } from '../report/report-page.tsx';
import type { ReportState } from '../report/report-state.ts';
import { ReviewExam } from '../review/review-exam.tsx';
import { SetupPage } from '../setup/setup-page.tsx';
import { TokenForm } from '../sign-in/token-form.tsx';
import { BeginExam } from '../start/begin-exam.tsx';
import type { ExamAvailability } from '../start/exam-availability.ts';
import { LinkedExam } from '../start/linked-exam.tsx';
import type { SeenNotice } from '../start/notice-watch.ts';
import { click, find, rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';

/**
 * How a state of a page ends. The tables name every state, so that a new one has to be added here with its way out. `button`: this
 * page offers it. `element`: the element in the page does (`stage-view.test.ts`). `passes`: by itself. `over`: nothing is left to do.
 */
type Exit = 'button' | 'element' | 'passes' | 'over';
type Exits<State extends string> = Record<State, Exit>;

const withButton = <State extends string>(exits: Exits<State>): State[] =>
  (Object.keys(exits) as State[]).filter((state) => exits[state] === 'button');

beforeEach(() => sessionStorage.clear());
afterEach(async () => {
  await rendered(null);
  vi.unstubAllGlobals();
});

const buttons = (place: HTMLElement, within = ''): number =>
  place.querySelectorAll(`${within} button:not(:disabled), ${within} a.button`).length;

type Reply = [status: number, body: object] | null;
const replies: Record<Problem['problem'], Reply> = {
  unreachable: null,
  unknown: [404, { code: 'NOT_FOUND' }],
  forbidden: [403, { code: 'FORBIDDEN' }],
  refused: [409, { code: 'INVALID_STATE' }],
};
const problems = Object.keys(replies) as Problem['problem'][];

/** Shows a view whose request fails. Resolves with the number of buttons beside the problem. */
const buttonsAfter = async (request: string, reply: Reply, view: ComponentChild, within: string): Promise<number> => {
  answerRequests({ [request]: () => reply });
  const place = await rendered(view);
  await waitFor(() => expect(place.querySelector(within)).not.toBeNull());
  return buttons(place, within);
};

describe('a page of staff that could not be read has a button', () => {
  const pages: Record<string, [request: string, view: () => ComponentChild]> = {
    exams: ['GET /api/v1/exams', () => <ExamListView />],
    exam: ['GET /api/v1/exams/physics', () => <ExamView examId="physics" />],
    setup: ['GET /api/v1/exams/physics', () => <SetupPage examId="physics" isCopy={false} />],
    review: ['GET /api/v1/exams/physics/reports', () => <ReviewExam examId="physics" />],
  };
  const cases = Object.keys(pages).flatMap((page) => problems.map((problem) => [page, problem] as const));
  test.each(cases)('%s, %s', async (page, problem) => {
    const [request, view] = pages[page]!;
    expect(await buttonsAfter(request, replies[problem], view(), '[role=alert]')).toBeGreaterThan(0);
  });
});

describe('the report', () => {
  const exits: Exits<ReportState['state']> = {
    no_session: 'button',
    loading: 'passes',
    problem: 'button',
    shown: 'over',
  };
  test('has two states that can be left', () => expect(withButton(exits)).toEqual(['no_session', 'problem']));

  test('no_session', async () => {
    history.replaceState(null, '', '/report/');
    expect((await rendered(<ReportPage />)).querySelector('[data-report=no_session] p a[href]')).not.toBeNull();
  });

  test.each(problems)('problem: %s', async (problem) => {
    history.replaceState(null, '', '/report/?session=s-1');
    const request = 'GET /api/v1/session/s-1/report';
    expect(await buttonsAfter(request, replies[problem], <ReportPage />, '[role=alert]')).toBeGreaterThan(0);
  });
});

test.each([
  ['staff', /list of the exam’s reports/, '/proctor/'],
  ['student', /ask the exam organiser/, '/'],
])('the report of an unknown session tells %s what to do, without the server’s words', async (viewer, text, link) => {
  history.replaceState(null, '', `/report/?session=s-1&as=${viewer}`);
  const detail = 'unknown session_id s-1';
  answerRequests({ 'GET /api/v1/session/s-1/report': [404, { code: 'NOT_FOUND', detail }] });
  const place = await rendered(<ReportPage />);
  await waitFor(() => expect(place.querySelector('[role=alert]')).not.toBeNull());
  expect(place.textContent).toMatch(text);
  expect(place.textContent).not.toContain(detail);
  expect(find(place, '[role=alert] a.button').getAttribute('href')).toBe(link);
});

describe('the exam page', () => {
  const exits: Exits<ExamStage['stage']> = {
    consent: 'element',
    declined: 'element',
    preparing: 'passes',
    running: 'element',
    ending: 'passes',
    not_started: 'element',
    phone: 'button',
    failed: 'button',
    undelivered: 'button',
    not_ended: 'button',
    handed_in: 'button',
    over: 'button',
  };
  const problem: Problem = { ok: false, problem: 'refused', detail: null };
  const details: Partial<Record<ExamStage['stage'], object[]>> = {
    not_ended: [
      { problem, isRefused: true },
      { problem, isRefused: false },
    ],
    handed_in: [{ atMs: 0, lost: 3, refusedAnswers: 1 }],
    over: [{ lost: null }, { lost: 5 }],
  };
  const session = {
    exam: { examId: 'physics', studentId: 'ada' },
    element: { sessionId: 's-1' },
    notice: { value: { report_to_student: false, organiser: null } },
  } as unknown as StudentSession;

  test.each(withButton(exits).filter((stage) => stage !== 'phone'))('%s', async (stage) => {
    for (const detail of details[stage] ?? [{}]) {
      const place = await rendered(<NextSteps stage={{ stage, ...detail } as ExamStage} session={session} />);
      expect(buttons(place)).toBeGreaterThan(0);
    }
  });

  /** Buttons beside the help: back to the computer's camera, and a new code unless there is a code or a phone. */
  const phoneButtons: Record<PhoneState, number> = { none: 2, waiting: 1, opened: 2, connected: 1, lost: 2 };
  test.each(Object.entries(phoneButtons) as [PhoneState, number][])('phone: %s', async (phone, count) => {
    const view = signal<PhoneView>({ phone, address: null, wasConnected: false, hasFailed: false, isActive: true });
    const withPhone = { phone: { view }, element: { help: null } } as unknown as StudentSession;
    expect(buttons(await rendered(<PhonePlace session={withPhone} />))).toBe(count);
  });
});

describe('a phone as the camera', () => {
  const exits: Exits<CameraStage['stage']> = {
    joining: 'passes',
    joined: 'element',
    refused: 'button',
    over: 'button',
  };
  const join = 'POST /api/v1/camera/join';
  beforeEach(() => history.replaceState(null, '', '/camera/#code=abc'));

  test('has two states that can be left', () => expect(withButton(exits)).toEqual(['refused', 'over']));

  // The next code after one that is used up is on the computer.
  test.each([
    ['unreachable', 1],
    ['unknown', 0],
  ] as const)('refused: %s', async (problem, count) => {
    expect(await buttonsAfter(join, replies[problem], <CameraPage />, '[data-camera-stage=refused]')).toBe(count);
  });

  test('refused after an answer was lost: the next code is on the computer', async () => {
    let reply = replies.unreachable;
    answerRequests({ [join]: () => reply });
    const place = await rendered(<CameraPage />);
    await waitFor(() => expect(place.querySelector('[data-testid=again]')).not.toBeNull());
    reply = replies.unknown;
    await click(find(place, '[data-testid=again]'));
    await waitFor(() => expect(place.textContent).toContain('Show a new code on the computer.'));
  });

  test.each([
    ['stopped', 1],
    ['session_ended', 0],
  ])('over: %s', async (reason, count) => {
    answerRequests({ [join]: [201, { session_id: 's-1', token: 'token', notice: null }] });
    const place = await rendered(<CameraPage />);
    await waitFor(() => expect(place.querySelector('invigil-proctor')).not.toBeNull());
    const closed = new CustomEvent('invigil-stage', { detail: { stage: 'closed', reason } });
    place.querySelector('invigil-proctor')?.dispatchEvent(closed);
    await waitFor(() => expect(place.querySelector('[data-camera-stage=over]')).not.toBeNull());
    expect(buttons(place, '[data-camera-stage=over]')).toBe(count);
  });
});

describe('the start with a personal link', () => {
  const exits: Exits<SeenNotice['state']> = {
    asking: 'passes',
    read: 'button',
    refused: 'button',
    unreachable: 'button',
  };
  test.each(withButton(exits).filter((state) => state !== 'read'))('%s', async (state) => {
    const reply = state === 'refused' ? replies.forbidden : replies.unreachable;
    const view = <LinkedExam examId="physics" studentId="ada" />;
    expect(await buttonsAfter('GET /api/v1/exams/physics/notice', reply, view, '[role=alert]')).toBe(1);
  });
});

describe('the start with a teacher’s link', () => {
  const exits: Exits<ExamAvailability['state']> = {
    asking: 'passes',
    open: 'button',
    not_open_yet: 'passes',
    over: 'over',
    unknown: 'button',
  };
  test.each(withButton(exits))('%s', async (state) => {
    const reply: Reply = state === 'unknown' ? replies.unknown : [200, { title: 'Physics', status: 'IN_PROGRESS' }];
    answerRequests({ 'GET /api/v1/exams/physics': () => reply });
    const place = await rendered(<BeginExam examId="physics" />);
    await waitFor(() => expect(buttons(place)).toBe(1));
    expect(place.textContent?.includes('Physics')).toBe(state === 'open');
  });
});

describe('the wall, whose connection has ended', () => {
  type Reason = Extract<LinkState, { state: 'over' }>['reason'];
  const exits: Exits<Reason> = { replaced: 'button', denied: 'button', closed: 'button' };
  test.each(withButton(exits))('%s', async (reason) => {
    const open = signal<LinkState>({ state: 'open' });
    const over = signal<LinkState>({ state: 'over', reason });
    const watch = { links: { live: open, alerts: over, exam: open } } as unknown as ExamWatch;
    expect(buttons(await rendered(<LinkNotices watch={watch} />))).toBe(1);
  });
});

test('the sign-in asks for a token', async () => {
  expect(buttons(await rendered(<TokenForm done={() => undefined} />))).toBe(1);
});
