import { useLayoutEffect, useRef } from 'preact/hooks';
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
    wanted.current = null;
    const button = place.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    button?.focus({ preventScroll: true });
    button?.closest('li')?.scrollIntoView({ block: 'nearest' });
  });
  return (key) => {
    wanted.current = key;
  };
};
