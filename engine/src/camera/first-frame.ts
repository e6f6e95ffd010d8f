import { ProctorError } from '../errors/proctor-error.ts';
import type { Timers } from '../timing/timers.ts';
import type { CameraWait } from './camera-state.ts';
import type { FrameSource } from './frame-source.ts';

export const firstFrameTimeoutMs = 15_000;
const lookPeriodMs = 20;

export interface FirstFrameOptions {
  timers: Pick<Timers, 'after' | 'every' | 'steadyMs'>;
  signal: AbortSignal;
  onWaiting?: (wait: CameraWait | null) => void;
}

/** Resolves with the first image of an open camera. Rejects with a ProctorError if there is none, unless the student must act. */
export const firstFrame = (
  source: () => FrameSource | null,
  { timers, signal, onWaiting }: FirstFrameOptions,
): Promise<void> =>
  new Promise((resolve, reject) => {
    let sinceMs = timers.steadyMs();
    let isWaiting = false;
    const finish = (error: ProctorError | null): void => {
      cancel();
      if (isWaiting) onWaiting?.(null);
      if (error === null) resolve();
      else reject(error);
    };
    const cancel = timers.every(lookPeriodMs, () => {
      const current = source();
      if (signal.aborted) return finish(new ProctorError('camera_failed', { detail: 'the camera was closed' }));
      if ((current?.lastArrivalMs ?? null) !== null) return finish(null);
      if (current?.needsTouch === true) {
        sinceMs = timers.steadyMs();
        if (!isWaiting) onWaiting?.('touch');
        isWaiting = true;
      }
      if (timers.steadyMs() - sinceMs > firstFrameTimeoutMs) {
        finish(new ProctorError('camera_failed', { detail: 'the camera is open but sends no image' }));
      }
    });
  });
