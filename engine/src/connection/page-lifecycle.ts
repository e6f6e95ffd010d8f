export interface PageLifecycleOptions {
  /** The network is back, or the page is shown again. */
  onWake: () => void;
  /** The browser reports that the network is gone. */
  onOffline: () => void;
  /** The page may soon be frozen or closed. */
  onMayLeave: () => void;
  /** The page is being closed. */
  onUnload: () => void;
  signal: AbortSignal;
}

export const watchPageLifecycle = ({ onWake, onOffline, onMayLeave, onUnload, signal }: PageLifecycleOptions): void => {
  addEventListener('online', onWake, { signal });
  addEventListener('offline', onOffline, { signal });
  // A frozen page loses its connections without any event.
  document.addEventListener('resume', onWake, { signal });
  document.addEventListener('freeze', onMayLeave, { signal });
  addEventListener('pageshow', onWake, { signal });
  addEventListener(
    'pagehide',
    () => {
      onMayLeave();
      onUnload();
    },
    { signal },
  );
  document.addEventListener(
    'visibilitychange',
    () => {
      onMayLeave();
      if (!document.hidden) onWake();
    },
    { signal },
  );
};
