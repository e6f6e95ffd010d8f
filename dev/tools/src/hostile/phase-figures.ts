import type { FuzzedServer } from '../fuzz/server-process.ts';
import { DiskProbe } from './disk-probe.ts';
import { processorWaitMs, watchOwnDelay } from './thread-delay.ts';

export interface PhaseFigures {
  acknowledgements: number;
  ack_p50_ms: number;
  ack_p99_ms: number;
  /** Delay of the server's event loop: how late its timers fire. */
  loop_delay_p99_ms: number;
  loop_delay_max_ms: number;
  /** Delay of the event loop that measures the acknowledgements; part of `ack_p99_ms` that the server did not cause. */
  generator_delay_p99_ms: number;
  /** Share of the phase in which the server waited for a processor, because other programs used it; null if unknown. */
  processor_wait_share: number | null;
  /** Time to write 4 kB to the server's disk, which every acknowledgement waits for. */
  disk_p99_ms: number;
}

/** What one phase measured. */
export interface Phase {
  figures: PhaseFigures;
  acknowledgedMs: readonly number[];
}

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

export const round = (value: number): number => Math.round(value * 10) / 10;

const resolutionMs = 5;
/** In the server's process. Node records the time between two ticks, which includes the interval itself. */
const startMonitor = `globalThis.loopDelay ??= process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: ${resolutionMs} });
loopDelay.enable(); loopDelay.reset(); process.pid`;
const readMonitor = 'JSON.stringify([loopDelay.percentile(99) / 1e6, loopDelay.max / 1e6])';

const ownDelay = watchOwnDelay();

/** Measures one phase: from now on until the result is asked for. */
export const beginPhase = async (server: FuzzedServer, acknowledgedMs: number[]): Promise<() => Promise<Phase>> => {
  acknowledgedMs.length = 0;
  ownDelay.reset();
  const pid = Number(await server.evaluate(startMonitor));
  const disk = await DiskProbe.start(server.folder);
  const startedMs = performance.now();
  const waitedMs = await processorWaitMs(pid);
  return async () => {
    const tookMs = performance.now() - startedMs;
    const nowWaitedMs = await processorWaitMs(pid);
    const diskMs = await disk.stop();
    const [p99, max] = JSON.parse(String(await server.evaluate(readMonitor))) as [number, number];
    const figures = {
      acknowledgements: acknowledgedMs.length,
      ack_p50_ms: round(percentile(acknowledgedMs, 0.5)),
      ack_p99_ms: round(percentile(acknowledgedMs, 0.99)),
      loop_delay_p99_ms: round(Math.max(0, p99 - resolutionMs)),
      loop_delay_max_ms: round(Math.max(0, max - resolutionMs)),
      generator_delay_p99_ms: round(ownDelay.p99Ms()),
      processor_wait_share:
        nowWaitedMs === null || waitedMs === null ? null : Math.round(((nowWaitedMs - waitedMs) / tookMs) * 100) / 100,
      disk_p99_ms: round(percentile(diskMs, 0.99)),
    };
    return { figures, acknowledgedMs: [...acknowledgedMs] };
  };
};
