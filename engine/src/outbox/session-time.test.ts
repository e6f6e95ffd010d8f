import { expect, test } from 'vitest';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import { Outbox } from './outbox.ts';
import { SessionTime } from './session-time.ts';

const hourMs = 3_600_000;
const limits = { maxFrames: 1000, maxBytes: 1_000_000, maxCachedBytes: 60_000 };

/** A device whose clock is off by `offMs`, and a server whose clock is right. */
const setUp = async (offMs = 0) => {
  const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
  const time = new SessionTime(outbox, 0);
  const device = { offMs, trueMs: 1_800_000_000_000, steadyMs: 0 };
  return {
    outbox,
    time,
    device,
    pass: (ms: number, isAsleep = false) => {
      device.trueMs += ms;
      if (!isAsleep) device.steadyMs += ms;
    },
    record: () => {
      const moment = { wallMs: device.trueMs + device.offMs, monotonicMs: device.steadyMs };
      const { seq, timestampMs, correctionMs, isUnconfirmed } = time.stamp(moment);
      outbox.append({ seq, timestamp: timestampMs, clock_corrected_ms: correctionMs });
      return isUnconfirmed;
    },
    relate: () => time.relate({ serverMs: device.trueMs, deviceMs: device.trueMs + device.offMs, toleranceMs: 20 }),
    sendable: () => outbox.sendable({ fromSeq: 0, toSeq: Infinity }, { frames: 1000, bytes: 1e9 }),
    times: async (): Promise<number[]> => {
      await outbox.flush();
      const frames = await outbox.read(Array.from({ length: outbox.nextSeq }, (_, seq) => seq));
      return frames.map(({ timestamp }) => timestamp);
    },
  };
};

test.each([hourMs, -hourMs])('a clock that is off by %i ms from the start gives the server’s times', async (offMs) => {
  const { device, record, pass, relate, times, time } = await setUp(offMs);
  const fromMs = device.trueMs;
  for (let frame = 0; frame < 3; frame += 1) {
    record();
    pass(200);
  }
  await relate();
  record();
  expect(await times()).toEqual([fromMs, fromMs + 200, fromMs + 400, fromMs + 600]);
  expect(time.correctionMs).toBe(-offMs);
});

test('frames after a jump forward are held; a clock that was set is corrected before they are sent', async () => {
  const { device, outbox, record, pass, relate, times, sendable } = await setUp();
  await relate();
  const fromMs = device.trueMs;
  record();
  await outbox.flush();
  outbox.acknowledge(0, []);
  device.offMs = hourMs;
  pass(200);
  expect(record()).toBe(true);
  pass(200);
  expect(record()).toBe(false);
  await outbox.flush();
  expect(sendable()).toEqual([]);
  await relate();
  pass(200);
  expect(record()).toBe(false);
  expect(await times()).toEqual([fromMs + 200, fromMs + 400, fromMs + 600]);
  expect(sendable()).toEqual([1, 2, 3]);
});

test('frames after a sleep are held until the server confirms the time, and keep their times', async () => {
  const { device, record, pass, relate, times, sendable, time } = await setUp();
  await relate();
  const fromMs = device.trueMs;
  record();
  pass(hourMs, true);
  expect(record()).toBe(true);
  await relate();
  expect(await times()).toEqual([fromMs, fromMs + hourMs]);
  expect(sendable()).toEqual([0, 1]);
  expect(time.correctionMs).toBe(0);
});

test('a clock that is set back changes nothing, and frames are not held', async () => {
  const { device, record, pass, relate, times } = await setUp();
  await relate();
  const fromMs = device.trueMs;
  record();
  device.offMs = -hourMs;
  pass(200);
  expect(record()).toBe(false);
  await relate();
  expect(await times()).toEqual([fromMs, fromMs + 200]);
});

test('a server that does not report its time holds nothing back', async () => {
  const { device, outbox, record, pass, relate, sendable, time } = await setUp();
  await relate();
  record();
  device.offMs = hourMs;
  pass(200);
  record();
  await time.relate(null);
  await outbox.flush();
  expect(sendable()).toEqual([0, 1]);
});

test('frames that were sent keep their times, and later ones still rise', async () => {
  const { device, outbox, record, pass, relate, times } = await setUp();
  await relate();
  device.offMs = 1500;
  pass(200);
  // The jump is too small to be noticed, so the frame is sent.
  record();
  await outbox.flush();
  await outbox.read([0]);
  device.offMs = 1500 + hourMs;
  pass(200);
  record();
  await relate();
  pass(200);
  record();
  const [first = 0, second = 0, third = 0] = await times();
  expect(first).toBe(device.trueMs - 400 + 1500);
  expect(second).toBeGreaterThan(first);
  expect(third).toBeGreaterThan(second);
  expect(third).toBeLessThan(device.trueMs + 2000);
});
