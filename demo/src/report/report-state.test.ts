// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerRequests } from '../testing/requests.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { laneGroups, lanesOf } from './lane-groups.ts';
import { createReportState } from './report-state.ts';
import { save } from './saving.tsx';
import type { Saving } from './saving.tsx';

const address = 'GET /api/v1/session/session-1/report';
const report = sampleReport();

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/report/?session=session-1');
});
afterEach(() => vi.unstubAllGlobals());

describe('the state of a report', () => {
  test('needs a session, and asks for nothing without one', async () => {
    const sent = answerRequests({});
    const { state, load } = createReportState(null);
    await load();
    expect(state.value).toEqual({ state: 'no_session' });
    expect(sent).toEqual([]);
  });

  test('is loading until the report arrives', async () => {
    answerRequests({ [address]: [200, report] });
    const { state, load } = createReportState('session-1');
    expect(state.value).toEqual({ state: 'loading' });
    await load();
    expect(state.value).toMatchObject({ state: 'shown', report: { session: { session_id: 'session-1' } } });
  });

  test('is a problem with the server’s words, and can be loaded again', async () => {
    let isUp = false;
    answerRequests({ [address]: () => (isUp ? [200, report] : [403, { code: 'X', detail: 'not yours' }]) });
    const { state, load } = createReportState('session-1');
    await load();
    expect(state.value).toEqual({ state: 'problem', problem: 'forbidden', detail: 'not yours' });
    isUp = true;
    await load();
    expect(state.value.state).toBe('shown');
  });

  test('takes a stored assessment into the report that is shown', async () => {
    const review = { ...report.review, status: 'reviewed', by: 'grace' };
    answerRequests({ [address]: [200, report], 'PUT /api/v1/session/session-1/review': [200, review] });
    const { state, load, writer } = createReportState('session-1');
    await load();
    expect((await writer.review({ observations: [] })).ok).toBe(true);
    expect(state.value).toMatchObject({ report: { review: { by: 'grace' }, session: { member_id: 'ada' } } });
  });

  test('shows the newest of two reviews that are stored at once', async () => {
    const answers: (() => void)[] = [];
    const review = (by: string) => ({ ...report.review, status: 'reviewed', by });
    answerRequests({
      [address]: [200, report],
      'PUT /api/v1/session/session-1/review': () =>
        new Promise((resolve) => {
          const by = answers.length === 0 ? 'first' : 'second';
          answers.push(() => resolve([200, review(by)]));
        }),
    });
    const { state, load, writer } = createReportState('session-1');
    await load();
    const both = [writer.review({ observations: [] }), writer.review({ observations: [] })];
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers[0]?.();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.();
    await Promise.all(both);
    expect(state.value).toMatchObject({ report: { review: { by: 'second' } } });
  });

  test('keeps the report as it is when an answer could not be stored', async () => {
    answerRequests({ [address]: [200, report] });
    const { state, load, writer } = createReportState('session-1');
    await load();
    const before = state.value;
    expect((await writer.contest('phone_visible-1', 'no')).ok).toBe(false);
    expect(state.value).toBe(before);
  });
});

describe('saving', () => {
  const outcome = async (answer: Awaited<ReturnType<Parameters<typeof save>[1]>>): Promise<Saving[]> => {
    const saving = signal<Saving>({ state: 'idle' });
    const states: Saving[] = [];
    const stop = saving.subscribe((state) => states.push(state));
    expect(await save(saving, async () => answer)).toBe(answer.ok);
    stop();
    return states;
  };

  test('is busy, then saved', async () => {
    expect(await outcome({ ok: true, value: null })).toEqual([
      { state: 'idle' },
      { state: 'busy' },
      { state: 'saved' },
    ]);
  });

  test('fails with the server’s words, or with our own where it said none', async () => {
    const refused = await outcome({ ok: false, problem: 'refused', detail: 'too late' });
    expect(refused.at(-1)).toEqual({ state: 'failed', text: 'too late' });
    const away = await outcome({ ok: false, problem: 'unreachable', detail: null });
    expect(away.at(-1)).toMatchObject({ state: 'failed', text: expect.stringMatching(/\w{5}/) });
  });
});

describe('the lanes of a timeline', () => {
  test('hold every rule once, under its subject', () => {
    const lanes = lanesOf(report).flatMap(({ lanes: own }) => own.map(({ type }) => type));
    expect(new Set(lanes).size).toBe(lanes.length);
    expect([...lanes].toSorted()).toEqual(report.rules.map(({ type }) => type).toSorted());
    expect(lanes.length).toBeGreaterThan(5);
  });

  test('are in a fixed order of groups, without empty ones', () => {
    const groups = lanesOf(report).map(({ group }) => group);
    expect(groups).toEqual(laneGroups.filter((group) => groups.includes(group)));
    expect(lanesOf({ ...report, rules: [], observations: [] })).toEqual([]);
  });

  test('list rules that did not run', () => {
    const rules = report.rules.map((rule) => ({ ...rule, watched_s: rule.type === 'phone_visible' ? 60 : 0 }));
    const watched = lanesOf({ ...report, rules })
      .flatMap(({ lanes }) => lanes)
      .filter(({ isWatched }) => isWatched);
    expect(watched.map(({ type }) => type)).toEqual(['phone_visible']);
  });

  test('show what other rules have found as well', () => {
    const lanes = lanesOf({ ...report, rules: [] });
    expect(lanes).toEqual([{ group: 'phone', lanes: [{ type: 'phone_visible', isWatched: true }] }]);
  });
});
