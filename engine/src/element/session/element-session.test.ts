import { describe, expect, test } from 'vitest';
import { ElementSession } from './element-session.ts';
import type { ElementSessionOptions } from './element-session.ts';
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

test('a session that is stopped while the page names it can begin again', async () => {
  const { session, stages, refuse } = createElement();
  void session.begin();
  await session.stop();
  expect(stages.at(-1)).toMatchObject({ stage: 'consent' });
  const again = session.begin();
  expect(stages.at(-1)).toMatchObject({ stage: 'preparing' });
  refuse();
  await again;
  expect(stages.at(-1)).toMatchObject({ stage: 'not_started' });
});

test('a student who declines can think again', () => {
  const { session, stages } = createElement();
  session.decline();
  session.reconsider();
  expect(stages.map(({ stage }) => stage)).toEqual(['declined', 'consent']);
});

describe('a failed start', () => {
  const startWith = async (options: ElementSessionOptions['options']): Promise<Stage | undefined> => {
    const stages: Stage[] = [];
    const session = new ElementSession({
      session: async () => ({ sessionId: 'one' }),
      options,
      token: () => null,
      changed: ({ stage }) => stages.push(stage),
      tokenExpired: () => undefined,
      onEvent: () => undefined,
    });
    await session.begin();
    return stages.at(-1);
  };

  test('is the page’s fault if its options cannot be read', async () => {
    const stage = await startWith(() => {
      throw new TypeError('Invalid URL');
    });
    expect(stage).toEqual({ stage: 'failed', reason: 'options_invalid', detail: 'Invalid URL' });
  });

  test('is not blamed on the options if they are valid', async () => {
    // Nothing of a browser is there.
    const stage = await startWith(() => ({ serverUrl: 'https://proctor.example.edu' }));
    expect(stage).toMatchObject({ stage: 'failed', reason: 'engine_unavailable' });
  });
});
