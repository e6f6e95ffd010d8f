import { expect, test } from 'vitest';
import { launchRefusals } from '../../lti/launch-refusal.ts';
import type { LaunchReason } from '../../lti/launch-refusal.ts';
import { pageLanguages } from '../middleware/plain-page.ts';
import { choicePage } from './choice-page.ts';
import { newWindowPage, refusalPage } from './lti-pages.ts';

const hostile = '"><script>alert(1)</script>&';

test('the page to choose an exam shows titles and ids as text, whoever wrote them', () => {
  const exams = [{ examId: hostile, title: hostile, status: 'WAITING' as const }];
  const page = choicePage({ request: hostile, title: hostile, exams }, 'en');
  expect(page).not.toContain('<script');
  expect(page.split('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;')).toHaveLength(5);
});

test('an exam without a title has a name in each language, and a state', () => {
  const exams = [{ examId: 'physics', title: null, status: 'IN_PROGRESS' as const }];
  const names = pageLanguages.map((language) => choicePage({ request: 'r', title: null, exams }, language));
  expect(names[0]).toContain('Untitled exam (in progress)');
  expect(names[1]).toContain('Prüfung ohne Titel (läuft)');
  expect(names[2]).toContain('Examen sin título (en curso)');
});

test('the address of a new window cannot end its attribute', () => {
  const page = newWindowPage(`/lti/login?iss=${hostile}`, 'en');
  expect(page).not.toContain('<script');
  expect(page).toMatch(/<a href="\/lti\/login\?iss=&quot;[^"]*" target="_blank" rel="noopener">/);
});

test.each(Object.keys(launchRefusals) as LaunchReason[])(
  '%s: every language has a page that says what to do',
  (reason) => {
    const pages = pageLanguages.map((language) => refusalPage(reason, language));
    expect(new Set(pages).size).toBe(pageLanguages.length);
    const isForSupport = reason !== 'no_exam' && reason !== 'exam_over';
    expect(pages.map((page) => page.includes(`${reason}: ${launchRefusals[reason]}.`))).toEqual(
      pages.map(() => isForSupport),
    );
  },
);
