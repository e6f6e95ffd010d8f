import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { ExamNotice } from './exam-notice.ts';
import { NoticeReader } from './notice-reader.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const noticeAt = (serverTime: string): ExamNotice => ({
  server_time: serverTime,
  started_at: null,
  ends_at: null,
  organiser: null,
  images: { while_watched: false, with_alerts: false },
  proctor_sees_numbers: true,
  report_to_student: true,
  retention: { frames_days: 30, reports_days: 365 },
});

const setUp = () => {
  const clock = { ms: 5000 };
  const changes = { count: 0 };
  return {
    clock,
    changes,
    reader: new NoticeReader(
      () => (changes.count += 1),
      () => clock.ms,
    ),
  };
};

test('counts the server’s time on with the monotonic clock', () => {
  const { clock, reader } = setUp();
  expect(reader.serverNowMs).toBeNull();
  reader.source = noticeAt('2026-01-05T09:00:00.000Z');
  clock.ms += 90_000;
  expect(new Date(reader.serverNowMs!).toISOString()).toBe('2026-01-05T09:01:30.000Z');
});

test('asks a function again every 30 seconds, and keeps the last answer if it fails', async () => {
  const { clock, reader } = setUp();
  let reads = 0;
  reader.source = async () => {
    reads += 1;
    if (reads === 2) throw new Error('offline');
    return noticeAt('2026-01-05T09:00:00.000Z');
  };
  await reader.refresh();
  await reader.refresh();
  expect(reads).toBe(1);
  clock.ms += 30_000;
  await reader.refresh();
  expect(reads).toBe(2);
  expect(reader.notice?.server_time).toBe('2026-01-05T09:00:00.000Z');
});

test('forgets the notice of another exam', async () => {
  const { reader, changes } = setUp();
  reader.source = noticeAt('2026-01-05T09:00:00.000Z');
  reader.source = () => Promise.reject(new Error('offline'));
  await reader.refresh();
  expect(reader.notice).toBeNull();
  expect(changes.count).toBe(3);
});

test('keeps its notice if the same source is set again', async () => {
  const { reader } = setUp();
  let reads = 0;
  const source = async () => {
    reads += 1;
    return noticeAt('2026-01-05T09:00:00.000Z');
  };
  reader.source = source;
  await reader.refresh();
  reader.source = source;
  await reader.refresh();
  expect(reader.notice).not.toBeNull();
  expect(reads).toBe(1);
});

test('ignores whatever is no notice, keeps the last one and warns', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  const { clock, reader } = setUp();
  const good = noticeAt('2026-01-05T09:00:00.000Z');
  const answers: unknown[] = [
    good,
    { type: 'urn:invigil:problem:not-found', code: 'NOT_FOUND' },
    null,
    '<html>Sign in to the network</html>',
    { ...good, images: {} },
    { ...good, server_time: 'soon' },
  ];
  reader.source = async () => answers.shift() as ExamNotice;
  while (answers.length > 0) {
    await reader.refresh();
    expect(reader.notice).toEqual(good);
    expect(reader.serverNowMs).not.toBeNaN();
    clock.ms += 30_000;
  }
  expect(warned.mock.calls.map(([event]) => event)).toEqual(Array.from({ length: 5 }, () => 'notice_invalid'));
  reader.source = {} as ExamNotice;
  expect(reader.notice).toBeNull();
});

test('accepts no value that lacks a part', () => {
  const whole = noticeAt('2026-01-05T09:00:00.000Z');
  vi.spyOn(console, 'warn').mockReturnValue();
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(whole) as (keyof ExamNotice)[])), fc.anything(), (name, value) => {
      const { reader } = setUp();
      reader.source = { ...whole, [name]: value } as ExamNotice;
      const { notice } = reader;
      if (notice === null) return;
      expect(reader.serverNowMs).not.toBeNaN();
      expect(notice.images).toHaveProperty('while_watched');
      expect(notice.retention).toHaveProperty('frames_days');
    }),
  );
});

test('asks again after a read that never ended', async () => {
  vi.useFakeTimers();
  const { clock, reader } = setUp();
  let reads = 0;
  reader.source = () => {
    reads += 1;
    return reads === 1 ? new Promise(() => undefined) : Promise.resolve(noticeAt('2026-01-05T09:00:00.000Z'));
  };
  const silent = reader.refresh();
  await vi.advanceTimersByTimeAsync(15_000);
  await silent;
  clock.ms += 30_000;
  await reader.refresh();
  expect(reader.notice).not.toBeNull();
});
