// @vitest-environment happy-dom
import type { Review } from '@invigil/protocol/report';
import { describe, expect, test } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import type { Answer } from '../api/answer.ts';
import type { ReviewRequest } from '../api/session-api.ts';
import { button, click, facts, find, rendered, submit, type } from '../testing/rendered.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { BaselineView } from './baseline-view.tsx';
import { CoverageView } from './coverage-view.tsx';
import { Decision } from './decision.tsx';
import { IntegrityView } from './integrity-view.tsx';
import { ObservationList } from './observation-list.tsx';
import type { ReviewWriter } from './review-writer.ts';
import { RiskView } from './risk-view.tsx';
import { Timeline } from './timeline.tsx';
import { ViolationList } from './violation-list.tsx';

const report = sampleReport();
const observationId = report.observations[0]?.id ?? '';

const writerOf = (viewer: ReviewWriter['viewer'], answer: Answer<Review> = { ok: true, value: report.review }) => {
  const sent: (ReviewRequest | { observationId: string; text: string })[] = [];
  const writer: ReviewWriter = {
    viewer,
    review: (review) => {
      sent.push(review);
      return Promise.resolve(answer);
    },
    contest: (id, text) => {
      sent.push({ observationId: id, text });
      return Promise.resolve(answer);
    },
  };
  return { writer, sent };
};

const reviewed: Review = {
  ...report.review,
  status: 'reviewed',
  outcome: 'follow_up',
  by: 'grace',
  at: '2026-01-05T12:00:00.000Z',
  notes: 'Talk to her.',
  observations: [
    { id: observationId, mark: 'dismissed', note: 'A calculator.', by: 'grace', at: '2026-01-05T12:00:00Z' },
  ],
  contests: [{ id: observationId, text: 'It was my calculator.', at: '2026-01-05T13:00:00Z' }],
};

describe('coverage', () => {
  test('shows the observed share and time', async () => {
    const place = await rendered(<CoverageView coverage={report.coverage} />);
    expect(find(place, '.big').textContent).toBe('100% observed');
    expect(place.textContent).toContain('The whole session was observed.');
    expect(place.textContent).toContain('Missing data never counts against a student.');
  });

  test('lists the reasons of gaps, the longest first, and rounds the share down', async () => {
    if (report.coverage === null) throw new Error('the sample has no coverage');
    const gaps = { ...report.coverage, share: 0.9999, not_observed_s: { camera_off: 2, break: 40 } };
    const place = await rendered(<CoverageView coverage={gaps as typeof report.coverage} />);
    expect(find(place, '.big').textContent).toBe('99.9% observed');
    expect([...place.querySelectorAll('li .number')].map((item) => item.textContent)).toEqual(['40.0 s', '2.0 s']);
  });

  test('states that no data was received', async () => {
    const place = await rendered(<CoverageView coverage={null} />);
    expect(place.textContent).toContain('No data was received from this session');
  });
});

describe('review priority', () => {
  test('shows the score with the calculation behind it', async () => {
    const place = await rendered(<RiskView risk={report.risk} />);
    expect(find(place, 'h2').textContent).toBe('Review priority');
    expect(find(place, '.big').textContent).toBe(`${report.risk.value} out of 100`);
    const rows = [...place.querySelectorAll('tbody tr')].map((row) => row.textContent);
    expect(rows).toHaveLength(report.risk.contributions.length);
    expect(rows[0]).toContain('Phone in view');
    expect(find(place, 'tfoot').textContent).toContain(String(report.risk.sum_of_points));
  });

  test('shows why the score is capped', async () => {
    const place = await rendered(<RiskView risk={{ ...report.risk, capped_at: 40, cap_reason: 'coverage is low' }} />);
    expect(place.textContent).toContain('Capped at 40 because only 40% of the session was observed.');
  });

  test('states that no observation contributes', async () => {
    const place = await rendered(<RiskView risk={{ ...report.risk, value: 0, contributions: [], sum_of_points: 0 }} />);
    expect(place.querySelector('table')).toBeNull();
    expect(place.textContent).toContain('No observations contribute to it.');
  });
});

describe('observations', () => {
  test('show their time, confidence and readings', async () => {
    const place = await rendered(<ObservationList report={report} writer={writerOf('staff').writer} />);
    expect(find(place, 'summary').textContent).toContain('Phone in view');
    const rows = facts(place);
    expect(rows['Mean confidence']).toMatch(/^\d+%$/);
    expect(Number(rows['Supporting readings'])).toBeGreaterThan(10);
  });

  test('state that there are none', async () => {
    const none = sampleReport({ observations: [] });
    const place = await rendered(<ObservationList report={none} writer={writerOf('staff').writer} />);
    expect(place.textContent).toContain('No observations');
  });

  test('send a reviewer’s assessment with a trimmed note', async () => {
    const { writer, sent } = writerOf('staff');
    const place = await rendered(<ObservationList report={report} writer={writer} />);
    expect([...place.querySelectorAll('.marks label')].map((label) => label.textContent)).toEqual([
      'Confirmed',
      'Dismissed',
      'Unsure',
    ]);
    await click(find(place, '.marks label:nth-of-type(2) input'));
    await type(find(place, 'textarea'), '  A calculator. ');
    await submit(place);
    expect(sent).toEqual([{ observations: [{ id: observationId, mark: 'dismissed', note: 'A calculator.' }] }]);
    expect(find(place, '.save').textContent).toContain('Saved.');
  });

  test('send nothing without an assessment', async () => {
    const { writer, sent } = writerOf('staff');
    const place = await rendered(<ObservationList report={report} writer={writer} />);
    await submit(place);
    expect(sent).toEqual([]);
  });

  test('show the assessment and the student’s response', async () => {
    const place = await rendered(
      <ObservationList report={sampleReport({ review: reviewed })} writer={writerOf('staff').writer} />,
    );
    expect(find(place, '[data-testid=mark]').textContent).toBe('Dismissed – grace: A calculator.');
    expect(find(place, 'blockquote').textContent).toContain('It was my calculator.');
  });

  test('let a student respond, and clear the field once the response is stored', async () => {
    const { writer, sent } = writerOf('student');
    const place = await rendered(<ObservationList report={report} writer={writer} />);
    await type(find(place, 'textarea'), 'It was my calculator.');
    await submit(place);
    expect(sent).toEqual([{ observationId, text: 'It was my calculator.' }]);
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('');
  });

  test('keep what a student types while a response is stored', async () => {
    const { writer } = writerOf('student');
    let store: (answer: Answer<Review>) => void = () => undefined;
    writer.contest = () => new Promise((resolve) => (store = resolve));
    const place = await rendered(<ObservationList report={report} writer={writer} />);
    await type(find(place, 'textarea'), 'It was my calculator.');
    await submit(place);
    await type(find(place, 'textarea'), 'It was allowed.');
    store({ ok: true, value: report.review });
    await waitFor(() => expect(find(place, '.save').textContent).toContain('Saved'));
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('It was allowed.');
  });

  test('keep the response in the field if it could not be stored, and say why', async () => {
    const { writer } = writerOf('student', { ok: false, problem: 'unreachable', detail: null });
    const place = await rendered(<ObservationList report={report} writer={writer} />);
    await type(find(place, 'textarea'), 'It was my calculator.');
    await submit(place);
    expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('It was my calculator.');
    expect(find(place, '[role=alert]').textContent).toContain('Nothing was saved');
  });
});

describe('the decision', () => {
  test('is open at first and can be made by staff', async () => {
    const { writer, sent } = writerOf('staff');
    const place = await rendered(<Decision review={report.review} writer={writer} isRunning={false} />);
    expect(place.textContent).toContain('Nobody has reviewed this report yet.');
    await click(find(place, '.marks input'));
    await type(find(place, 'textarea'), 'All explained.');
    await submit(place);
    expect(sent).toMatchObject([{ notes: 'All explained.', observations: [] }]);
    expect(sent[0]).toHaveProperty('outcome');
  });

  test('shows who decided what, and why', async () => {
    const place = await rendered(<Decision review={reviewed} writer={writerOf('student').writer} isRunning={false} />);
    expect(place.textContent).toContain('Reviewed by grace');
    expect(find(place, 'strong').textContent).toBe('Follow up with the student');
    expect(place.textContent).toContain('Talk to her.');
    expect(place.querySelector('form')).toBeNull();
  });

  test('cannot be made while the session is running', async () => {
    const place = await rendered(<Decision review={report.review} writer={writerOf('staff').writer} isRunning />);
    expect(place.querySelector('form')).toBeNull();
  });
});

describe('the timeline', () => {
  test('zooms in, and back out to the whole session', async () => {
    if (report.coverage === null) throw new Error('the sample has no coverage');
    const place = await rendered(<Timeline report={report} coverage={report.coverage} />);
    const range = () => find(place, '.zoom [role=status]').textContent;
    const whole = range();
    expect(button(place, 'Zoom out').getAttribute('aria-disabled')).toBe('true');
    await click(button(place, 'Zoom in'));
    expect(range()).not.toBe(whole);
    await click(button(place, 'Earlier'));
    expect(range()).toMatch(/^0:00/);
    await click(button(place, 'Whole session'));
    expect(range()).toBe(whole);
  });

  test('marks the observation on its lane with its time', async () => {
    if (report.coverage === null) throw new Error('the sample has no coverage');
    const place = await rendered(<Timeline report={report} coverage={report.coverage} />);
    expect(find(place, '.mark-button').getAttribute('aria-label')).toMatch(
      /^Phone in view, from 0:2\d for .*Show details$/,
    );
  });

  test('shows page events on a separate lane', async () => {
    if (report.coverage === null) throw new Error('the sample has no coverage');
    const event = { type: 'TAB_SWITCH' as const, timestamp: report.coverage.from_ms + 5000 };
    const withEvent = sampleReport({
      violations: { total: 1, by_type: { TAB_SWITCH: 1 }, list: [event], not_listed: 0 },
    });
    const place = await rendered(<Timeline report={withEvent} coverage={report.coverage} />);
    expect(find(place, '.page-mark').getAttribute('aria-label')).toMatch(/0:05$/);
  });
});

describe('the other parts of a report', () => {
  test('list page events and how many are not listed', async () => {
    const violations = {
      total: 3,
      by_type: {},
      list: [{ type: 'TAB_SWITCH' as const, timestamp: 61_000 }],
      not_listed: 2,
    };
    const place = await rendered(<ViolationList violations={violations} startMs={0} />);
    expect(find(place, 'li').textContent).toContain('1:01');
    expect(place.textContent).toContain('2 more counted but not listed.');
  });

  test('state that there were no page events', async () => {
    const violations = { total: 0, by_type: {}, list: [], not_listed: 0 };
    const place = await rendered(<ViolationList violations={violations} startMs={null} />);
    expect(find(place, 'p').textContent).toBe('None.');
  });

  test('show stored and lost readings with the reasons', async () => {
    const rows = facts(await rendered(<IntegrityView report={report} />));
    expect(rows).toMatchObject({ 'Readings stored': '300', 'Readings lost': '2', '… device storage full': '2' });
    expect(Object.values(rows)).toContain('abc123');
  });

  test('show no baseline if nothing is known about the head', async () => {
    const place = await rendered(<BaselineView report={sampleReport({ usual: {} as typeof report.usual })} />);
    expect(place.querySelector('table')).toBeNull();
    expect(place.textContent).toContain('Not enough readings.');
  });

  test('compare the baseline with the calibration in whole degrees', async () => {
    const usual = { ...report.usual, head_yaw: 0.2, head_pitch: null };
    const known = { state: 'calibrated', at: 0, error_deg: 2.14, head_yaw: 0.02, head_pitch: 0.1 };
    const calibration = known as NonNullable<typeof report.calibration>;
    const place = await rendered(<BaselineView report={sampleReport({ usual, calibration })} />);
    expect(place.textContent).toContain('mean error of 2.1°');
    const rows = [...place.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ['11°', 'unknown'],
      ['1°', '6°'],
      ['10°', 'unknown'],
    ]);
  });
});
