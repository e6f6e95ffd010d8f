import type { LiveFrame } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { localBus } from '../../test/local-bus.ts';
import type { Session } from '../model/session.ts';
import { openExamDirectory } from './exam-directory.ts';
import type { ExamDirectory } from './exam-directory.ts';
import { LiveView } from './live-view.ts';
import { SessionSentinels } from './session-sentinels.ts';
import { sampleSession as session } from '../../test/sample-session.ts';

const frame = (seq: number, timestamp = seq * 200): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp,
  received_at: timestamp + 40,
  no_of_face: 1,
});
const numbers = { live_view: 'numbers', evidence: 'none', sentinel_pictures: false } as const;

let bus: Bus;
let view: LiveView;
beforeEach(() => {
  bus = localBus();
  view = new LiveView({ replicaId: 'a', bus, now: Date.now });
});
afterEach(async () => {
  view.close();
  await bus.close();
});

const sentinelsOf = (exams: Partial<ExamDirectory> = {}): SessionSentinels =>
  new SessionSentinels({
    view,
    exams: { ...openExamDirectory, policyOf: async () => numbers, ...exams },
    coverageOf: () => null,
    now: Date.now,
  });
/** Connects, and waits until policy and name are loaded. */
const open = async (sentinels: SessionSentinels, opened: Session = session) => {
  const leave = sentinels.opened(opened, () => undefined);
  await new Promise(setImmediate);
  return leave;
};
const watch = (): LiveFrame[] => {
  const seen: LiveFrame[] = [];
  view.watch('s1', (frames) => seen.push(...frames));
  return seen;
};

describe('the frames of a student', () => {
  test('are shown as numbers, without the time of receipt', async () => {
    const sentinels = sentinelsOf();
    await open(sentinels);
    const seen = watch();
    sentinels.stored('s1', [frame(3)]);
    expect(seen).toEqual([
      {
        sentinelId: 's1',
        frameId: '3',
        index: 3,
        data: null,
        features: { timestamp: 600, no_of_face: 1 },
        recent: { until: 600, cells: `${'-'.repeat(59)}o` },
      },
    ]);
  });

  test('are shown by time, and a late backlog is not the present', async () => {
    const sentinels = sentinelsOf();
    await open(sentinels);
    const seen = watch();
    sentinels.stored('s1', [frame(5), frame(4)]);
    sentinels.stored('s1', [frame(1), frame(2), frame(6), frame(5)]);
    expect(seen.map(({ index }) => index)).toEqual([4, 5, 6]);
  });

  test('are reduced to the newest while no proctor watches', async () => {
    const sentinels = sentinelsOf();
    await open(sentinels);
    sentinels.stored('s1', [frame(0), frame(1), frame(2)]);
    expect(watch().map(({ index }) => index)).toEqual([2]);
  });

  test.each([
    ['the policy shows nothing', async () => ({ ...numbers, live_view: 'none' }) as const],
    ['the records do not answer', () => Promise.reject(new Error('away'))],
  ])('are not shown if %s', async (_name, policyOf) => {
    const sentinels = sentinelsOf({ policyOf });
    await open(sentinels);
    const seen = watch();
    sentinels.stored('s1', [frame(0)]);
    expect(seen).toEqual([]);
  });

  test('are shown, with the name, once the records that did not answer do', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let isAway = true;
      const answer = <Value>(value: Value): Promise<Value> =>
        isAway ? Promise.reject(new Error('away')) : Promise.resolve(value);
      const sentinels = sentinelsOf({ policyOf: () => answer(numbers), nameOf: () => answer('Ada Lovelace') });
      await open(sentinels);
      const seen = watch();
      sentinels.stored('s1', [frame(0)]);
      isAway = false;
      await vi.advanceTimersByTimeAsync(5000);
      sentinels.stored('s1', [frame(1)]);
      expect(seen.map(({ index }) => index)).toEqual([0, 1]);
      expect(view.sentinels().map(({ entry }) => entry.name)).toEqual(['Ada Lovelace']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('are not shown before the policy is known, nor without a connection', async () => {
    const sentinels = sentinelsOf();
    const seen = watch();
    sentinels.stored('s1', [frame(0)]);
    const leave = sentinels.opened(session, () => undefined);
    sentinels.stored('s1', [frame(1), frame(2)]);
    expect(seen).toEqual([]);
    await new Promise(setImmediate);
    // Only the newest early frame.
    expect(seen.map(({ index }) => index)).toEqual([2]);
    leave();
    sentinels.stored('s1', [frame(3)]);
    expect(seen).toHaveLength(1);
  });

  test('are hidden, with the last one, once the exam’s policy forbids them, whichever answer comes first', async () => {
    const answers: ((policy: 'numbers' | 'none') => void)[] = [];
    const sentinels = sentinelsOf({
      policyOf: () =>
        new Promise((resolve) => answers.push((live_view) => resolve({ ...numbers, live_view } as typeof numbers))),
    });
    const answered = async (at: number, policy: 'numbers' | 'none'): Promise<void> => {
      await new Promise(setImmediate);
      answers[at]!(policy);
      await new Promise(setImmediate);
    };
    sentinels.opened(session, () => undefined);
    await answered(0, 'numbers');
    sentinels.stored('s1', [frame(0)]);
    expect(watch()).toHaveLength(1);
    for (const _again of [1, 2]) sentinels.opened(session, () => undefined);
    await answered(2, 'none');
    await answered(1, 'numbers');
    sentinels.stored('s1', [frame(1)]);
    expect(watch()).toEqual([]);
  });

  test('of the time in which they were forbidden are not shown once they are allowed', async () => {
    let live_view: 'numbers' | 'none' = 'none';
    const sentinels = sentinelsOf({ policyOf: async () => ({ ...numbers, live_view }) as typeof numbers });
    await open(sentinels);
    sentinels.stored('s1', [{ ...frame(0), no_of_face: 2 }]);
    live_view = 'numbers';
    await open(sentinels);
    expect(watch()).toEqual([]);
    sentinels.stored('s1', [frame(50)]);
    const seen = watch();
    expect(seen.map(({ index }) => index)).toEqual([50]);
    expect(seen[0]!.recent!.cells).toBe(`${'-'.repeat(59)}o`);
  });

  test('continue while another connection of the session is open', async () => {
    const sentinels = sentinelsOf();
    const [first] = [await open(sentinels), await open(sentinels)];
    const seen = watch();
    first();
    sentinels.stored('s1', [frame(0)]);
    expect(seen).toHaveLength(1);
  });

  test('never go back in time, whatever the messages', async () => {
    const sentinels = sentinelsOf();
    await open(sentinels);
    const seen = watch();
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat({ max: 1000 }), { maxLength: 6 }), { maxLength: 8 }), (messages) => {
        for (const seqs of messages)
          sentinels.stored(
            's1',
            seqs.map((seq) => frame(seq)),
          );
        const times = seen.map(({ features }) => features!.timestamp);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('a student who is not observed', () => {
  const unobserved = () => view.sentinelOf('s1')?.unobserved;
  const hidden = (seq: number): StoredFrame => ({ ...frame(seq), no_of_face: null, not_observed: 'obstructed' });
  let nowMs: number;
  const opened = async (live_view: 'none' | 'numbers' = 'none') => {
    nowMs = 1000;
    const policyOf = async () => ({ ...numbers, live_view });
    const exams = { ...openExamDirectory, policyOf };
    const sentinels = new SessionSentinels({ view, exams, coverageOf: () => null, now: () => nowMs });
    await open(sentinels);
    return sentinels;
  };
  const checkAt = (sentinels: SessionSentinels, atMs: number) => {
    nowMs = atMs;
    sentinels.check();
    return unobserved();
  };

  test('is listed after 3 s, whatever the policy shows, until seen again', async () => {
    const sentinels = await opened();
    expect(checkAt(sentinels, 1000)).toBeUndefined();
    sentinels.stored('s1', [frame(5), hidden(10)]);
    sentinels.stored('s1', [hidden(20)]);
    expect(checkAt(sentinels, 5039)).toBeUndefined();
    expect(checkAt(sentinels, 5040)).toEqual({ sinceMs: 2040, reason: 'obstructed' });
    sentinels.stored('s1', [frame(26)]);
    expect(checkAt(sentinels, 5300)).toBeUndefined();
    sentinels.close();
  });

  test('stays listed while another connection of the session opens and closes', async () => {
    const sentinels = await opened();
    sentinels.stored('s1', [hidden(0)]);
    checkAt(sentinels, 4000);
    const leave = await open(sentinels);
    expect(unobserved()).toEqual({ sinceMs: 40, reason: 'obstructed' });
    leave();
    expect(unobserved()).toEqual({ sinceMs: 40, reason: 'obstructed' });
    sentinels.close();
  });

  test('has the last minute in the frame that a new proctor receives', async () => {
    const sentinels = await opened('numbers');
    sentinels.stored('s1', [frame(0), hidden(5), frame(10)]);
    nowMs = 1500;
    sentinels.stored('s1', [frame(12)]);
    const seen = watch();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.recent).toEqual({ until: 2000, cells: `${'-'.repeat(57)}ouo` });
    expect(seen[0]?.features?.timestamp).toBe(2400);
    sentinels.close();
  });
});

describe('the name of a student', () => {
  const namesOf = () => view.sentinels().map(({ entry }) => entry.name);

  test('is that of the records', async () => {
    await open(sentinelsOf({ nameOf: async () => 'Ada Lovelace' }));
    expect(namesOf()).toEqual(['Ada Lovelace']);
  });

  test('is the id without a recorded name, or if the records do not answer', async () => {
    await open(sentinelsOf({ nameOf: () => Promise.reject(new Error('away')) }));
    expect(namesOf()).toEqual(['ada']);
  });
});
