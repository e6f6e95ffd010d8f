import { readFileSync } from 'node:fs';
import { machineClocks } from './steady-clock.ts';

/** The time of an event, by the wall clock and by the machine's uptime. */
export interface ClockMark {
  /** ISO 8601. */
  at: string;
  /** Changes with each start of the machine; null if it is unknown. */
  bootId: string | null;
  /** Since that start, milliseconds. */
  uptimeMs: number;
}

/** Uptime and wall clock of one machine may drift apart by this, for instance when NTP corrects the clock. */
const driftMs = 10 * 60_000;
/** After a longer pause, or on another machine, only an operator can tell whether the clock is right. */
const longestPauseMs = 7 * 86_400_000;

const readBootId = (): string | null => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
};

/** The current time, on this machine. */
export const markNow = (nowMs: number): ClockMark => ({
  at: new Date(nowMs).toISOString(),
  bootId: readBootId(),
  uptimeMs: Math.round(machineClocks.uptimeMs()),
});

/**
 * Whether the wall clock may have leaped between two marks. Deleting what is old depends on the clock alone, and cannot be undone.
 * @returns a sentence for the operator, or null
 */
export const clockProblem = (last: ClockMark, now: ClockMark): string | null => {
  const passedMs = Date.parse(now.at) - Date.parse(last.at);
  const between = `the last run was at ${last.at}, the clock shows ${now.at}`;
  if (passedMs < -driftMs) return `the clock was set back: ${between}`;
  if (last.bootId !== null && last.bootId === now.bootId) {
    const reallyMs = now.uptimeMs - last.uptimeMs;
    if (Math.abs(passedMs - reallyMs) <= driftMs) return null;
    return `the clock was set: ${between}, but ${Math.round(reallyMs / 60_000)} minutes have passed`;
  }
  return passedMs <= longestPauseMs ? null : `nothing shows whether the clock is right: ${between}`;
};
