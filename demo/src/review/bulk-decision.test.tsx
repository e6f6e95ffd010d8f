// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { answered, button, find, rendered, submit, type } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { BulkDecision } from './bulk-decision.tsx';

const path = 'POST /api/v1/exams/physics/reviews';

afterEach(() => vi.unstubAllGlobals());

/** The form after counting five reports, and the bodies that it has sent. */
const counted = async (answer: object) => {
  let requests = 0;
  const sent = answerRequests({
    [path]: () => [200, (requests += 1) === 1 ? { matching: 5, recorded: 0, failed: 0, session_ids: [] } : answer],
  });
  let recorded = 0;
  const place = await rendered(<BulkDecision examId="physics" recorded={() => (recorded += 1)} />);
  await submit(place);
  await waitFor(() => expect(place.textContent).toContain('5 reports are within these limits.'));
  return { place, sent, recorded: () => recorded };
};

test('counts first, and records only as many reports as were counted', async () => {
  const { place, sent, recorded } = await counted({ matching: 5, recorded: 5, failed: 0, session_ids: [] });
  expect(recorded()).toBe(0);
  expect(button(place, 'Record for 5 reports')).toBeDefined();
  await submit(place);
  await waitFor(() => expect(find(place, '[role=status]').textContent).toBe('Recorded for 5 reports.'));
  expect(sent[0]?.body).toEqual({ outcome: 'nothing_to_follow_up', max_risk: 5, min_coverage: 0.8 });
  expect(sent[1]?.body).toEqual({ outcome: 'nothing_to_follow_up', max_risk: 5, min_coverage: 0.8, expected: 5 });
  expect(recorded()).toBe(1);
});

test('says how many were stored if the server fails on the way', async () => {
  const { place, recorded } = await counted({ matching: 5, recorded: 2, failed: 3, session_ids: [] });
  await submit(place);
  await waitFor(() =>
    expect(find(place, '[role=status]').textContent).toBe(
      'Recorded for 2 reports. 3 reports could not be stored. Count again to continue.',
    ),
  );
  expect(recorded()).toBe(1);
});

test('counts again after a limit was changed', async () => {
  const { place } = await counted({});
  await type(find(place, 'input'), '20');
  expect(button(place, 'Count the reports')).toBeDefined();
});

test('does not show the number for limits that were changed while the reports were counted', async () => {
  const answers: (() => void)[] = [];
  answerRequests({
    [path]: () => new Promise((resolve) => answers.push(() => resolve([200, { matching: 5, recorded: 0, failed: 0 }]))),
  });
  const place = await rendered(<BulkDecision examId="physics" recorded={() => undefined} />);
  await submit(place);
  await type(find(place, 'input'), '20');
  await waitFor(() => expect(answers).toHaveLength(1));
  await answered(() => answers[0]?.());
  expect(button(place, 'Count the reports')).toBeDefined();
});
