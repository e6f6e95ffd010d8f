export interface PageLifecycleOptions {
  /** The network is back, or the page is shown again. */
  onWake: () => void;
  /** The page may soon be frozen or closed. */
  onMayLeave: () => void;
  /** The page is being closed. */
  onUnload: () => void;
  signal: AbortSignal;
}

export const watchPageLifecycle = ({ onWake, onMayLeave, onUnload, signal }: PageLifecycleOptions): void => {
  addEventListener('online', onWake, { signal });
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
