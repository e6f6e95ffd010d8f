// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { answered, button, click, find, rendered } from '../../testing/rendered.ts';
import { answerRequests } from '../../testing/requests.ts';
import { sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { StudentAccess } from './student-access.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const link = (id: string, token: string | null) => ({
  student_id: id,
  student_name: id,
  created_at: '2026-01-05T09:00:00.000Z',
  expires_at: '2026-02-05T09:00:00.000Z',
  revoked_at: null,
  token,
  path: token === null ? null : `/?exam=physics#link=${token}`,
});
const check = {
  checked_at: '2026-01-05T08:00:00.000Z',
  items: { camera: 'good' as const, light: 'attention' as const },
  calibrated: false,
};
const exam = sampleExam([
  sampleStudent('ada', 'Ada Lovelace', { check }),
  sampleStudent('bob', 'Bob', { check: null }),
]);
const links = '/api/v1/exams/physics/links';

const opened = async (): Promise<HTMLElement> => {
  const place = await rendered(<StudentAccess exam={exam} />);
  const details = find(place, 'details') as HTMLDetailsElement;
  details.open = true;
  return place;
};

test('shows who has checked their camera, and what needed attention', async () => {
  answerRequests({ [`GET ${links}`]: [200, { links: [] }] });
  const [ada, bob] = [...(await opened()).querySelectorAll('li')].map(({ textContent }) => textContent);
  expect(ada).toMatch(/Ada Lovelace.*Checked on .*2026.*needed attention/);
  expect(bob).toContain('Camera not checked yet');
});

test('creates the links, and copies one', async () => {
  answerRequests({
    [`GET ${links}`]: [200, { links: [] }],
    [`POST ${links}`]: [201, { links: [link('ada', 'x.y.z'), link('bob', null)] }],
  });
  const copied: string[] = [];
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void copied.push(text) } });
  const place = await opened();
  await click(find(place, '[data-testid=create-links]'));
  await waitFor(() => expect(place.querySelectorAll('li .copy-link')).toHaveLength(1));
  await click(find(place, 'li .copy-link button'));
  await waitFor(() => expect(copied[0]).toMatch(/\/\?exam=physics#link=x\.y\.z$/));
});

test('revokes a link', async () => {
  let isRevoked = false;
  answerRequests({
    [`GET ${links}`]: () => [200, { links: [link('ada', isRevoked ? null : 'x.y.z')] }],
    [`DELETE ${links}/ada`]: () => {
      isRevoked = true;
      return [204, null];
    },
  });
  const place = await opened();
  await waitFor(() => expect(button(place, 'Revoke')).toBeDefined());
  await click(button(place, 'Revoke'));
  await waitFor(() => expect(place.querySelectorAll('li .copy-link')).toHaveLength(0));
});

test('keeps created links if the list was requested earlier and is slow', async () => {
  const answers: (() => void)[] = [];
  answerRequests({
    [`GET ${links}`]: () =>
      answers.length > 0
        ? [200, { links: [] }]
        : new Promise((resolve) => answers.push(() => resolve([200, { links: [] }]))),
    [`POST ${links}`]: [201, { links: [link('ada', 'x.y.z'), link('bob', null)] }],
  });
  const place = await opened();
  await click(find(place, '[data-testid=create-links]'));
  await waitFor(() => expect(answers).toHaveLength(1));
  await answered(() => answers[0]?.());
  await waitFor(() => expect(place.querySelectorAll('li .copy-link')).toHaveLength(1));
});
