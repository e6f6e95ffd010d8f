// @vitest-environment happy-dom
import { encodeReplay, Replay } from '@invigil/protocol/report';
import type { ReportObservation } from '@invigil/protocol/report';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleReport } from '../../testing/sample-report.ts';
import { ReplayPlayer } from './replay-player.ts';

const startMs = 1_700_000_000_000;
const replayOf = (seconds: number): Replay => {
  const frames = Array.from({ length: seconds * 5 }, (_, seq) => ({
    frame_id: String(seq),
    seq,
    timestamp: startMs + 1000 + seq * 200,
    received_at: startMs,
    no_of_face: 1,
  }));
  return new Replay(startMs, encodeReplay(frames, startMs));
};

const [sample] = sampleReport().observations;
const observationsAt = (...seconds: number[]): ReportObservation[] =>
  sample === undefined ? [] : seconds.map((second) => ({ ...sample, from_ms: startMs + second * 1000 }));

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'requestAnimationFrame', 'cancelAnimationFrame'] }));
afterEach(() => vi.useRealTimers());

describe('the replay’s position', () => {
  test('begins at the first frame, and stays within the readings', () => {
    const player = new ReplayPlayer([]);
    player.seek(5000);
    expect(player.timeMs.value).toBe(0);
    player.loaded(replayOf(10));
    expect(player.timeMs.value).toBe(1000);
    player.seek(99_000);
    expect(player.timeMs.value).toBe(10_800);
    player.seekEpoch(startMs);
    expect(player.timeMs.value).toBe(1000);
  });

  test('is not moved when more of the readings arrives', () => {
    const player = new ReplayPlayer([]);
    player.loaded(replayOf(10));
    player.seek(4000);
    player.loaded(replayOf(20));
    expect(player.timeMs.value).toBe(4000);
  });

  test('reaches to the end of the session before all readings have arrived, then to the last of them', () => {
    const player = new ReplayPlayer([], startMs + 60_000);
    player.loaded(replayOf(10));
    player.seek(50_000);
    expect(player.timeMs.value).toBe(50_000);
    player.loaded(replayOf(40));
    expect([player.timeMs.value, player.range]).toEqual([50_000, { fromMs: 1000, toMs: 60_000 }]);
    player.complete();
    expect([player.timeMs.value, player.range]).toEqual([40_800, { fromMs: 1000, toMs: 40_800 }]);
  });

  test('is a requested time as soon as it has been loaded', () => {
    const player = new ReplayPlayer([]);
    player.seekEpoch(startMs + 15_000);
    player.loaded(replayOf(10));
    player.loaded(replayOf(20));
    expect(player.timeMs.value).toBe(15_000);
    player.loaded(replayOf(30));
    player.complete();
    expect(player.timeMs.value).toBe(15_000);
  });

  test('does not return to a requested time when the user has moved meanwhile', () => {
    const player = new ReplayPlayer([], startMs + 60_000);
    player.seekEpoch(startMs + 15_000);
    player.loaded(replayOf(10));
    player.seek(60_000);
    player.loaded(replayOf(20));
    expect(player.timeMs.value).toBe(60_000);

    const unknownEnd = new ReplayPlayer([]);
    unknownEnd.seekEpoch(startMs + 15_000);
    unknownEnd.loaded(replayOf(10));
    unknownEnd.seek(2000);
    unknownEnd.loaded(replayOf(20));
    expect(unknownEnd.timeMs.value).toBe(2000);
  });

  test('jumps between observations, in the order of their times', () => {
    const player = new ReplayPlayer(observationsAt(8, 3, 5));
    player.loaded(replayOf(10));
    const places = [true, true, true, true, false, false].map((isForward) => {
      player.jump(isForward);
      return player.timeMs.value / 1000;
    });
    expect(places).toEqual([3, 5, 8, 8, 5, 3]);
  });
});

describe('playing', () => {
  test('moves with the chosen speed, and stops at the end', () => {
    const player = new ReplayPlayer([]);
    player.loaded(replayOf(10));
    player.speed.value = 4;
    player.toggle();
    vi.advanceTimersByTime(1000);
    expect(player.timeMs.value).toBeGreaterThan(4500);
    expect(player.timeMs.value).toBeLessThan(5100);
    vi.advanceTimersByTime(5000);
    expect([player.timeMs.value, player.isPlaying.value]).toEqual([10_800, false]);
  });

  test('is stopped and continued', () => {
    const player = new ReplayPlayer([]);
    player.loaded(replayOf(10));
    player.toggle();
    player.toggle();
    vi.advanceTimersByTime(1000);
    expect([player.timeMs.value, player.isPlaying.value]).toEqual([1000, false]);
  });
});
