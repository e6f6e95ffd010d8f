// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { facts, find, rendered } from '../testing/rendered.ts';
import { evidenceReport, sampleReport } from '../testing/sample-report.ts';
import { AlertsView } from './alerts-view.tsx';
import { coverageParts, percentOf } from './coverage-kinds.ts';
import { CoverageView } from './coverage-view.tsx';
import { IntegrityView } from './integrity-view.tsx';
import { ObservationList } from './observation-list.tsx';
import { OtherSessions } from './other-sessions.tsx';
import { Timeline } from './timeline.tsx';
import { WorkView } from './work-view.tsx';

const report = evidenceReport();
const coverage = report.coverage!;
const startMs = coverage.from_ms;

describe('coverage in three kinds', () => {
  test('is shown in numbers, as a bar and by reason', async () => {
    const place = await rendered(<CoverageView coverage={coverage} />);
    expect(facts(place)).toEqual({
      ' Seen live': '48.8 s (48.8%)',
      ' Arrived late': '11.0 s (11%)',
      ' Not observed': '40.2 s (40.2%)',
    });
    expect(find(place, '.coverage-bar').getAttribute('aria-label')).toBe(
      'Seen live 48.8%, arrived late 11%, not observed 40.2%',
    );
    expect(place.textContent).toContain('break that was not allowed');
  });

  test('adds up to the session, and no percentage hides a part', () => {
    const seconds = fc.integer({ min: 0, max: 20_000_000 }).map((ms) => ms / 1000);
    fc.assert(
      fc.property(seconds, seconds, seconds, (live, late, missing) => {
        const durationS = live + late + missing;
        const parts = coverageParts(live, late, durationS);
        expect(parts.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(durationS, 2);
        const hidden = parts.filter((part) =>
          part.kind === 'live'
            ? part.seconds < durationS - 0.001 && percentOf(part) === '100%'
            : part.seconds > 0.001 && percentOf(part) === '0%',
        );
        expect(hidden).toEqual([]);
      }),
    );
  });

  test('is not claimed for reports of earlier rules', async () => {
    const place = await rendered(<CoverageView coverage={sampleReport().coverage} />);
    expect(place.querySelector('.coverage-bar')).toBeNull();
  });

  test('is drawn over the timeline', async () => {
    const place = await rendered(<Timeline report={report} coverage={coverage} />);
    const labels = [...place.querySelectorAll('.track.observed [role=img]')].map((mark) =>
      mark.getAttribute('aria-label'),
    );
    expect(labels).toContainEqual(expect.stringMatching(/^Arrived late from 0:20 for 11\.0 s$/));
    expect(labels.some((label) => label?.includes('break that was not allowed'))).toBe(true);
    expect(find(place, '.mark-button').getAttribute('aria-label')).toContain('usual for this student');
  });
});

test('an observation that is usual for the student is marked, with the reason why it adds no points', async () => {
  const writer = { viewer: 'staff', review: async () => unused(), contest: async () => unused() } as const;
  const place = await rendered(<ObservationList report={report} writer={writer} />);
  expect(find(place, '.usual-tag').textContent).toBe('usual for this student');
  expect(place.textContent).toContain('adds no points');
});

test('answers while not observed stand out, with the coverage of each question', async () => {
  const place = await rendered(<WorkView report={report} work={report.work!} />);
  expect(place.textContent).toContain('One answer was given while not observed.');
  expect(place.textContent).toContain('The exam was handed in while not observed.');
  const rows = [...place.querySelectorAll('tbody tr')].map((row) => row.textContent);
  expect(rows[0]).toContain('Seen live 19.8 s · Arrived late 10.2 s');
  expect(rows[1]).toMatch(/Not observed 35\.2 s.*no$/);
  const all = { ...report.work!, unobserved_answers: 0, unobserved_hand_in: false };
  expect((await rendered(<WorkView report={report} work={all} />)).textContent).toContain('observed whenever');
});

test('an exam without answers has neither a table of them nor its explanation', async () => {
  const none = { ...report.work!, questions: [], unobserved_answers: 0, unobserved_hand_in: false };
  const place = await rendered(<WorkView report={report} work={none} />);
  expect(place.querySelector('table')).toBeNull();
  expect(place.textContent).toContain('No answers were recorded.');
  expect(place.textContent).not.toContain('For each question');
  expect((await rendered(<WorkView report={report} work={report.work!} />)).textContent).toContain('For each question');
});

test('a personal link that was used is stated, because others may have answered through it', async () => {
  const text = async (work: typeof report.work) =>
    (await rendered(<WorkView report={report} work={work!} />)).textContent;
  expect(await text(report.work)).not.toContain('personal link');
  const used = { ...report.work!, personal_link_used_at: '2026-01-05T09:00:00.000Z' };
  expect(await text(used)).toContain('A personal link was used.');
});

test('whether the browser that the exam requires was verified is stated', async () => {
  const text = async (work: object) =>
    (await rendered(<WorkView report={report} work={{ ...report.work!, ...work }} />)).textContent;
  expect(await text({})).not.toContain('Safe Exam Browser');
  expect(await text({ safe_exam_browser: 'verified' })).toContain('began in Safe Exam Browser');
  expect(await text({ safe_exam_browser: 'not_verified' })).toContain('did not check the browser');
});

test('alerts are listed with the reason why the analysis does not support one', async () => {
  const place = await rendered(<AlertsView alerts={report.alerts!} startMs={startMs} />);
  const lines = [...place.querySelectorAll('li')].map((line) => line.textContent);
  expect(lines[0]).toContain('Not supported by the final analysis: the server lost the readings that showed it.');
  expect(lines[1]).not.toContain('Not supported');
});

test('counts of readings that contradict clock or order are shown where there are any', async () => {
  const numbers = facts(await rendered(<IntegrityView report={report} />));
  expect(numbers).toMatchObject({ 'Readings out of order': '4', 'Readings that the server stored and lost': '3' });
  expect(Object.keys(numbers)).not.toContain('Readings that came late without an outage');
});

test('staff reach the student’s other sessions, students only read about them', async () => {
  const sessions = report.other_sessions!;
  const staff = await rendered(<OtherSessions sessions={sessions} viewer="staff" />);
  expect(find(staff, 'a').getAttribute('href')).toBe('?session=session-0');
  const student = await rendered(<OtherSessions sessions={sessions} viewer="student" />);
  expect(student.querySelector('a')).toBeNull();
  expect(student.textContent).toContain('Other sessions of this student');
});

const unused = (): never => {
  throw new Error('nothing is written here');
};
