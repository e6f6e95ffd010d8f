import type { Emitter } from './emitter.ts';
import type { ObserverListeners } from './observer.ts';
import type { ProctorEvents } from './proctor.ts';
import type { RunningSession } from './running-session.ts';
import { withCamera, withCameraWait, withCapability } from './state.ts';
import type { ProctorState } from './state.ts';

export interface ObserverListenersOptions {
  events: Emitter<ProctorEvents>;
  state: () => ProctorState;
  setState: (state: ProctorState) => void;
  running: () => RunningSession | null;
  /** The image analysis failed for good while it was running. */
  onFatal: () => void;
}

/** Maps camera and worker events to the proctor's state and events. */
export const observerListeners = (options: ObserverListenersOptions): ObserverListeners => {
  const { events, state, setState, running, onFatal } = options;
  return {
    onProgress: (progress) => {
      if (state().state === 'preparing') setState({ state: 'preparing', progress });
    },
    onCapability: (change) => setState(withCapability(state(), change)),
    onCameraWaiting: (wait) => setState(withCameraWait(state(), wait)),
    onCamera: (camera) => setState(withCamera(state(), camera)),
    onCameras: (cameras) => events.emit('cameras', cameras),
    onError: (error) => {
      events.emit('error', error);
      if (error.reason.startsWith('engine_') && !error.recoverable) onFatal();
    },
    onImage: (image) => running()?.offerImage(image),
  };
};
