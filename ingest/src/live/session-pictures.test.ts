import type { Picture, ServerSessionMessage } from '@invigil/protocol/channels';
import { jpegOf } from '@invigil/testkit/jpeg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openExamDirectory } from './exam-directory.ts';
import type { ExamDirectory } from './exam-directory.ts';
import { SessionPictures } from './session-pictures.ts';
import { sampleSession as session } from '../../test/sample-session.ts';

const [first, second, third] = [jpegOf(160, 120), jpegOf(160, 120, 3), jpegOf(160, 120, 6)] as const;

const picture = (data = first): Picture => ({ type: 'picture', timestamp: 1, data });
const hello = { type: 'hello' as const, client_time_ms: 1, pictures: true };
const policy = { live_view: 'thumbnails', evidence: 'thumbnail', sentinel_pictures: true } as const;

/** Long before the thumbnails arrive. */
const beganMs = 900_000;

let nowMs: number;
let shown: [index: number, data: string][];
let pictures: SessionPictures;
const open = (policyOf: ExamDirectory['policyOf'] = async () => policy): SessionPictures =>
  new SessionPictures({
    exams: { ...openExamDirectory, policyOf },
    now: () => nowMs,
    answerWithinMs: 3000,
    show: (_sessionId, { data }, index) => shown.push([index, data]),
  });
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  nowMs = 1_000_000;
  shown = [];
  pictures = open();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A connection, after its exam's policy was loaded. */
const connect = async (to = pictures, isWilling = true) => {
  const sent: ServerSessionMessage[] = [];
  const listener = to.onSessionConnected(session, (message) => sent.push(message));
  listener.onHello({ ...hello, pictures: isWilling });
  await vi.advanceTimersByTimeAsync(0);
  return { sent, listener };
};
const request = (every_ms: number | null, now: boolean) => ({ type: 'pictures', every_ms, now });

const pass = async (ms: number): Promise<void> => {
  nowMs += ms;
  await vi.advanceTimersByTimeAsync(ms);
};

describe('a thumbnail', () => {
  test('is shown with a rising index, and never sent back', async () => {
    const { sent } = await connect();
    expect(pictures.take('s1', picture(first))).toBeNull();
    expect(pictures.take('s1', picture(second))).toBeNull();
    expect(shown).toEqual([
      [1, first],
      [2, second],
    ]);
    expect(sent).toEqual([]);
  });

  test.each([
    ['of a session that is not connected', async () => policy, 's2'],
    ['if the policy allows none', async () => ({ ...policy, live_view: 'numbers', evidence: 'none' }) as const, 's1'],
    ['while the records do not answer', () => Promise.reject(new Error('away')), 's1'],
  ])('is refused %s', async (_name, policyOf, sessionId) => {
    const refusing = open(policyOf);
    await connect(refusing);
    expect(refusing.take(sessionId, picture())).toMatchObject({ code: 'PICTURE_REFUSED' });
    expect(shown).toEqual([]);
  });

  test('is taken once the records that did not answer know the policy', async () => {
    let isAway = true;
    const later = open(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(policy)));
    const { sent } = await connect(later);
    later.watched('s1', true);
    expect([later.take('s1', picture())?.code, sent]).toEqual(['PICTURE_REFUSED', []]);
    isAway = false;
    await pass(5000);
    expect(sent).toEqual([request(2000, false)]);
    expect(later.take('s1', picture())).toBeNull();
  });

  test('for alerts alone is kept, and not shown', async () => {
    const alertsOnly = open(async () => ({ ...policy, live_view: 'numbers' }));
    await connect(alertsOnly);
    expect(alertsOnly.take('s1', picture(third))).toBeNull();
    expect(shown).toEqual([]);
    expect(await alertsOnly.ofAlert('s1', beganMs)).toBe(third);
  });

  test('is refused above one a second, after a few', async () => {
    await connect();
    const taken = () => pictures.take('s1', picture()) === null;
    expect(Array.from({ length: 5 }, taken)).toEqual([true, true, true, true, false]);
    nowMs += 1000;
    expect([taken(), taken()]).toEqual([true, false]);
  });
});

describe('requests to the page', () => {
  test('are sent while a proctor watches, and not afterwards', async () => {
    const { sent } = await connect();
    pictures.watched('s1', true);
    pictures.watched('s1', true);
    pictures.watched('s1', false);
    expect(sent).toEqual([request(2000, false), request(null, false)]);
  });

  test('reach a page that connects while a proctor watches', async () => {
    await connect();
    pictures.watched('s1', true);
    expect((await connect()).sent).toEqual([request(2000, false)]);
  });

  test('never reach a page that did not tell its student', async () => {
    const { sent } = await connect(pictures, false);
    pictures.watched('s1', true);
    expect(await pictures.ofAlert('s1', beganMs)).toBeNull();
    expect(sent).toEqual([]);
  });

  test('never reach a page that has gone', async () => {
    const { sent, listener } = await connect();
    await connect();
    listener.onClose();
    pictures.watched('s1', true);
    expect(sent).toEqual([]);
  });
});

describe('the thumbnail of an alert', () => {
  test('is the last one if it was taken after the observation began', async () => {
    const { sent } = await connect();
    pictures.take('s1', picture(first));
    nowMs += 3000;
    expect(await pictures.ofAlert('s1', beganMs)).toBe(first);
    expect(sent).toEqual([]);
  });

  test('is requested once for all alerts that wait for it', async () => {
    const { sent } = await connect();
    pictures.take('s1', picture(first));
    // The last one may have been taken before the observation began; so may one that is on its way.
    const waiting = [pictures.ofAlert('s1', nowMs), pictures.ofAlert('s1', nowMs)];
    expect(sent).toEqual([]);
    await pass(999);
    pictures.take('s1', picture(second));
    await pass(1);
    expect(sent).toEqual([request(null, true)]);
    pictures.take('s1', picture(third));
    expect(await Promise.all(waiting)).toEqual([third, third]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is requested at once if the observation began a second ago', async () => {
    const { sent } = await connect();
    const waiting = pictures.ofAlert('s1', nowMs - 1000);
    expect(sent).toEqual([request(null, true)]);
    pictures.take('s1', picture(first));
    expect(await waiting).toBe(first);
  });

  test('is one of the next second if the observation seems to begin in the future', async () => {
    await connect();
    const waiting = pictures.ofAlert('s1', nowMs + 20_000);
    await pass(1000);
    pictures.take('s1', picture(first));
    expect(await waiting).toBe(first);
  });

  test('is null if the page does not answer within 3 s', async () => {
    await connect();
    let result: string | null | undefined;
    void pictures.ofAlert('s1', beganMs).then((data) => (result = data));
    await vi.advanceTimersByTimeAsync(2999);
    expect(result).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(result).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is null if the policy has no evidence thumbnails', async () => {
    const viewOnly = open(async () => ({ ...policy, evidence: 'none' }));
    await connect(viewOnly);
    viewOnly.take('s1', picture());
    expect(await viewOnly.ofAlert('s1', beganMs)).toBeNull();
  });

  test('is forgotten with the last connection', async () => {
    const [one, two] = [await connect(), await connect()];
    pictures.take('s1', picture(first));
    one.listener.onClose();
    expect(await pictures.ofAlert('s1', beganMs)).toBe(first);
    two.listener.onClose();
    expect(await pictures.ofAlert('s1', beganMs)).toBeNull();
    expect(pictures.take('s1', picture())).not.toBeNull();
  });
});
