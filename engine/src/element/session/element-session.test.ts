import { expect, test } from 'vitest';
import { ElementSession } from './element-session.ts';
import type { Stage } from './stage.ts';

/** An element whose page names the session when the test does. */
const createElement = () => {
  let refuse: (reason: Error) => void = () => undefined;
  const named = new Promise<{ sessionId: string }>((_, reject) => (refuse = reject));
  const stages: Stage[] = [];
  const session = new ElementSession({
    session: () => named,
    options: () => ({ serverUrl: 'https://proctor.example.edu' }),
    token: () => null,
    changed: ({ stage }) => stages.push(stage),
    tokenExpired: () => undefined,
    onEvent: () => undefined,
  });
  return { session, stages, refuse: () => refuse(new Error('the exam is over')) };
};

test('a second element of a page refuses while the first one starts, and can begin afterwards', async () => {
  const [first, second] = [createElement(), createElement()];
  const beginning = first.session.begin();
  await second.session.begin();
  expect(second.stages.at(-1)).toEqual({ stage: 'failed', reason: 'session_open_in_page', detail: null });
  first.refuse();
  await beginning;
  expect(first.stages.at(-1)).toMatchObject({ stage: 'not_started' });
  void second.session.begin();
  expect(second.stages.at(-1)).toMatchObject({ stage: 'preparing' });
  second.refuse();
});

test('a student who declines can think again', () => {
  const { session, stages } = createElement();
  session.decline();
  session.reconsider();
  expect(stages.map(({ stage }) => stage)).toEqual(['declined', 'consent']);
});
