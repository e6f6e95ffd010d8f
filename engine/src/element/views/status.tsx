import { Live } from './live.tsx';

export interface StatusProps {
  name: string;
  text: string;
  kind: 'calm' | 'wait' | 'hollow';
  /** Whether a screen reader reads each change. */
  isSpoken?: boolean;
}

/** One line with a mark. */
export const Status = ({ name, text, kind, isSpoken = true }: StatusProps) => (
  <p
    part={`status ${name} ${kind}`}
    class={`status ${kind}`}
    data-testid={name}
    {...(isSpoken ? { 'aria-live': 'polite' } : {})}
  >
    <span class="dot" aria-hidden="true" />
    <Live text={text} />
  </p>
);
