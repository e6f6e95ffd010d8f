// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { facts, find, rendered } from '../testing/rendered.ts';
import type { ReviewWriter } from './review-writer.ts';
import { evidenceReport, sampleReport } from '../testing/sample-report.ts';

/** Does not break at the end of a line. */
const space = '\u00a0';

describe.each(['de', 'es'])('numbers of a report in %s', (language) => {
  beforeEach(() => {
    vi.resetModules();
    sessionStorage.setItem('invigil-language', language);
  });

  test('have a decimal comma, and a space before the percent sign', async () => {
    const { CoverageView } = await import('./coverage-view.tsx');
    const coverage = evidenceReport().coverage!;
    const place = await rendered(<CoverageView coverage={{ ...coverage, share: 0.2749 }} />);
    expect(find(place, '.big').textContent).toContain(`27,4${space}%`);
    expect(Object.values(facts(place))).toEqual([
      `48,8 s (48,8${space}%)`,
      `11,0 s (11${space}%)`,
      `40,2 s (40,2${space}%)`,
    ]);
    expect(find(place, '.coverage-bar').getAttribute('aria-label')).toContain(`48,8${space}%`);
    expect(place.textContent).not.toMatch(/\d\.\d|\d%/);
  });

  test('are written the same way in the calculation of the review priority', async () => {
    const { RiskView } = await import('./risk-view.tsx');
    const { risk } = sampleReport();
    const place = await rendered(<RiskView risk={{ ...risk, capped_at: 40, cap_reason: 'coverage is low' }} />);
    expect(place.textContent).toContain('40 × min(1; (9,8 s / max(59,8 s; 600 s) × 1) / 0,05) = 13,1');
    expect(place.textContent).toContain(`40${space}%`);
    expect(place.textContent).not.toMatch(/\d\.\d|\d%/);
  });

  test('are written the same way in observations and delivery', async () => {
    const { ObservationList } = await import('./observation-list.tsx');
    const { IntegrityView } = await import('./integrity-view.tsx');
    const report = sampleReport();
    const { integrity } = report;
    const writer = { viewer: 'staff' } as ReviewWriter;
    const list = await rendered(<ObservationList report={report} writer={writer} />);
    expect(list.textContent).toMatch(/\d,\d s/);
    expect(list.textContent).not.toMatch(/\d\.\d|\d%/);
    const delivery = await rendered(
      <IntegrityView report={{ ...report, integrity: { ...integrity, frames: 12_345 } }} />,
    );
    expect(Object.values(facts(delivery))[0]).toBe('12.345');
  });
});
