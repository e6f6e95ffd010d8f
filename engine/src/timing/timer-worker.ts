/** Timers for a page: browsers throttle the timers of a hidden page, but not those of a dedicated worker. */
export type TimerRequest = { id: number; kind: 'after' | 'every'; delayMs: number } | { id: number; kind: 'cancel' };

const running = new Map<number, ReturnType<typeof setTimeout>>();

const stop = (id: number): void => {
  clearTimeout(running.get(id));
  running.delete(id);
};

addEventListener('message', ({ data }: MessageEvent<TimerRequest>) => {
  const { id } = data;
  if (data.kind === 'cancel') return stop(id);
  if (data.kind === 'every') {
    running.set(
      id,
      setInterval(() => postMessage(id), data.delayMs),
    );
    return;
  }
  running.set(
    id,
    setTimeout(() => {
      running.delete(id);
      postMessage(id);
    }, data.delayMs),
  );
});

// No call has this number: it shows the page that the worker has started.
postMessage(0);
