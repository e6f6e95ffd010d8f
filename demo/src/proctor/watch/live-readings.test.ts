import type { LiveFrame } from '@invigil/protocol/channels';
import { describe, expect, test } from 'vitest';
import { LiveReadings } from './live-readings.ts';

const frame = (sentinelId: string, atMs: number, faces = 1): LiveFrame =>
  ({ sentinelId, features: { timestamp: atMs, no_of_face: faces } }) as LiveFrame;
const thumbnail = (sentinelId: string, data: string): LiveFrame => ({ sentinelId, data }) as LiveFrame;

const created = () => {
  let requests = 0;
  const readings = new LiveReadings(() => (requests += 1));
  return { readings, requests: () => requests };
};

describe('live readings', () => {
  test('appear only after a flush, the newest of each session', () => {
    const { readings, requests } = created();
    readings.receive([frame('s', 1000), frame('s', 1200, 2)], 5000);
    expect(readings.of('s').value.features).toBeNull();
    expect(requests()).toBe(1);
    readings.flush();
    expect(readings.of('s').value).toMatchObject({ features: { no_of_face: 2 }, receivedMs: 5000 });
    expect(readings.of('other').value.receivedMs).toBeNull();
  });

  test('keep the last thumbnail when a frame brings numbers only', () => {
    const { readings } = created();
    readings.receive([thumbnail('s', 'jpeg'), frame('s', 1000)], 5000);
    readings.flush();
    expect(readings.of('s').value).toMatchObject({ thumbnail: 'jpeg', features: { no_of_face: 1 } });
  });

  test('keep the last minute of the opened student, and nothing of the others', () => {
    const { readings } = created();
    readings.open('s');
    readings.receive([frame('s', 0), frame('t', 0), frame('s', 30_000), frame('s', 70_000)], 5000);
    readings.flush();
    expect(readings.history.value.map(({ timestamp }) => timestamp)).toEqual([30_000, 70_000]);
  });

  test('ignore a frame that is older than the last one', () => {
    const { readings } = created();
    readings.open('s');
    readings.receive([frame('s', 2000), frame('s', 1000)], 5000);
    readings.flush();
    expect(readings.history.value).toHaveLength(1);
  });

  test('note since when a student cannot be seen, and tell it from a break', () => {
    const { readings } = created();
    const hidden = (atMs: number, reason: string): LiveFrame =>
      ({ sentinelId: 's', features: { timestamp: atMs, no_of_face: null, not_observed: reason } }) as LiveFrame;
    const step = (each: LiveFrame, nowMs: number) => {
      readings.receive([each], nowMs);
      readings.flush();
      return { gap: readings.of('s').value.gap, unseen: [...readings.unseenSince.value] };
    };
    expect(step(frame('s', 1000), 1000)).toEqual({ gap: null, unseen: [] });
    step(hidden(2000, 'obstructed'), 2000);
    expect(step(hidden(3000, 'obstructed'), 3000)).toEqual({
      gap: { isBreak: false, sinceMs: 2000 },
      unseen: [['s', 2000]],
    });
    expect(step(hidden(4000, 'paused'), 4000)).toEqual({ gap: { isBreak: true, sinceMs: 4000 }, unseen: [] });
    expect(step(frame('s', 5000), 5000).gap).toBeNull();
  });

  test('start a new history with the next student', () => {
    const { readings } = created();
    readings.open('s');
    readings.receive([frame('s', 2000)], 5000);
    readings.flush();
    readings.open('t');
    expect(readings.history.value).toEqual([]);
  });
});
