import { Delivery } from '../connection/delivery.ts';
import type { StopResult } from '../connection/stop-result.ts';
import { createWorkerTimers } from '../timing/worker-timers.ts';
import { resolveOptions } from './options.ts';
import type { ProctorOptions } from './options.ts';

/**
 * Sends the frames that `stop` left on this device, without a camera; takes at most `drainTimeoutMs`. Rejects with a ProctorError if
 * another tab has the session.
 * @example const { waiting } = await deliverPending({ serverUrl, sessionId, token });
 */
export const deliverPending = async (options: ProctorOptions): Promise<StopResult> => {
  const resolved = resolveOptions(options);
  const timers = createWorkerTimers();
  try {
    const delivery = await Delivery.open(resolved, timers, { onState: () => undefined, onError: () => undefined });
    delivery.connect();
    return await delivery.drain(resolved.drainTimeoutMs, timers.nowMs());
  } finally {
    timers.close();
  }
};
