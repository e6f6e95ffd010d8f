import type { InvigilProctor } from '@invigil/engine/element';
import { useEffect, useRef } from 'preact/hooks';

/** Where the element stands in the page, from consent to end. */
export const ProctorPlace = ({ element }: { element: InvigilProctor }) => {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.append(element), [element]);
  return <div class="proctor" ref={place} />;
};
