import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

/**
 * Returns a function that moves the focus to a tile once it is drawn. Only keys call it: a tile that moves or is drawn must not take
 * the focus by itself.
 */
export const useTileFocus = (place: RefObject<HTMLElement | null>): ((key: string) => void) => {
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    const key = wanted.current;
    if (key === null) return;
    const button = place.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
    // Drawn in one of the next animation frames.
    if (button === null) return;
    wanted.current = null;
    button.focus({ preventScroll: true });
    button.closest('li')?.scrollIntoView({ block: 'nearest' });
  });
  useEffect(() => {
    // The user has gone elsewhere meanwhile.
    const drop = (): void => {
      wanted.current = null;
    };
    document.addEventListener('focusin', drop);
    return () => document.removeEventListener('focusin', drop);
  }, []);
  return (key) => {
    wanted.current = key;
  };
};
