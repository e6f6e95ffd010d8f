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

  test('list the sessions that the server does not observe', () => {
    const { readings } = created();
    readings.receiveUnobserved([{ sentinelId: 's', since: 20, reason: 'obstructed' }]);
    expect([...readings.gaps.value]).toEqual([['s', { reason: 'obstructed', sinceMs: 20_000 }]]);
    readings.receiveUnobserved([]);
    expect(readings.gaps.value.size).toBe(0);
  });

  test('begin with the last minute that the server has recorded', () => {
    const { readings } = created();
    const recent = { until: 60_000, cells: `${'-'.repeat(50)}${'u'.repeat(10)}` };
    readings.receive([{ ...frame('s', 61_000), recent }], 5000);
    readings.flush();
    expect(readings.of('s').value.minute.cells.slice(48)).toBe(`-${'u'.repeat(10)}o`);
  });

  test('of the opened student are completed by earlier ones, without doubles', () => {
    const { readings } = created();
    readings.open('s');
    readings.receive([frame('s', 3000)], 5000);
    readings.flush();
    readings.addEarlier('s', [{ timestamp: 1000 }, { timestamp: 2000 }, { timestamp: 3000 }]);
    readings.addEarlier('t', [{ timestamp: 500 }]);
    expect(readings.history.value.map(({ timestamp }) => timestamp)).toEqual([1000, 2000, 3000]);
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
