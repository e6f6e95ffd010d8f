import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** More would turn a jump through the wall into one long task; the others follow in the next animation frames. */
const newTilesAtATime = 6;

/** The keys to draw now: those drawn before, and a few more with each animation frame. */
export const useDrawnKeys = (keys: readonly string[]): ReadonlySet<string> => {
  const before = useRef<ReadonlySet<string>>(new Set());
  const turn = useSignal(0);
  // Reading the signal subscribes to it, so that the next turn draws again.
  void turn.value;
  const fresh = keys.filter((key) => !before.current.has(key)).slice(0, newTilesAtATime);
  const drawn = new Set([...keys.filter((key) => before.current.has(key)), ...fresh]);
  useEffect(() => {
    before.current = drawn;
    if (drawn.size === keys.length) return undefined;
    const frame = requestAnimationFrame(() => (turn.value += 1));
    return () => cancelAnimationFrame(frame);
  });
  return drawn;
};
