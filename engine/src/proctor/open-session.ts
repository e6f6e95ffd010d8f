import { Delivery } from '../connection/delivery.ts';
import type { DeliveryListeners } from '../connection/delivery.ts';
import { mayRunWithout } from '../connection/may-run-without.ts';
import type { Timers } from '../timing/timers.ts';
import type { EngineFacts } from '../worker/perception.ts';
import { requireBrowserParts } from './missing-part.ts';
import type { MissingPart } from './missing-part.ts';
import type { Observer } from './observer.ts';
import type { ResolvedOptions } from './options.ts';

export interface OpenSessionOptions {
  options: ResolvedOptions;
  timers: Timers;
  observer: Observer;
  listeners: DeliveryListeners;
  /** Loads the models. */
  load: () => Promise<EngineFacts>;
  openCamera: () => Promise<void>;
  without: MissingPart | null;
}

export interface OpenedSession {
  delivery: Delivery;
  engine: EngineFacts | null;
  missing: MissingPart | null;
}

/** Loads the models while the camera opens for a first look. After a failure, the camera does not stay open. */
export const loadAndTryCamera = async (load: () => Promise<EngineFacts>, observer: Observer): Promise<EngineFacts> => {
  try {
    const [engine] = await Promise.all([load(), observer.tryCamera()]);
    return engine;
  } catch (error) {
    observer.cancelEarlyCamera();
    throw error;
  }
};

/** Opens the outbox, the models and the camera, as far as the session uses them. After a failure, nothing stays open. */
export const openSession = async (session: OpenSessionOptions): Promise<OpenedSession> => {
  const { options, timers, observer, listeners, without } = session;
  const delivery = await Delivery.open(options, timers, listeners);
  try {
    await requireBrowserParts(delivery.missing, options);
    if (without !== null && (await mayRunWithout(options))?.[without] === true) {
      observer.cancelEarlyCamera();
      observer.closeCamera();
      return { delivery, engine: null, missing: without };
    }
    const engine = await loadAndTryCamera(session.load, observer);
    if (!options.keepCamera) observer.closeCamera();
    observer.stopReading();
    await session.openCamera();
    return { delivery, engine, missing: null };
  } catch (error) {
    observer.closeCamera();
    await delivery.close();
    throw error;
  }
};
