import type { InvigilProctor } from '@invigil/engine/element';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** A difference of less than a pixel is not scrollable content. */
const leastPx = 2;

/**
 * The element's place in the page, from consent to end. In a small window it scrolls, and indicates that there is more.
 */
export const ProctorPlace = ({ element }: { element: InvigilProctor }) => {
  const place = useRef<HTMLDivElement>(null);
  const hasMore = useSignal(false);
  useEffect(() => {
    const scroller = place.current;
    if (scroller === null) return;
    scroller.append(element);
    const look = (): void => {
      hasMore.value = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > leastPx;
    };
    const resized = new ResizeObserver(look);
    resized.observe(scroller);
    resized.observe(element);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [element, hasMore]);
  return <div class="proctor" data-more={hasMore.value} ref={place} />;
};
