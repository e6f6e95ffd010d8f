import type { ComponentChildren } from 'preact';

interface NoticeProps {
  /** 'wait': something is not as it should be and may need the reader. */
  kind?: 'calm' | 'wait';
  title?: string;
  /** Read out at once by screen readers. */
  urgent?: boolean;
  children: ComponentChildren;
}

export const Notice = ({ kind = 'calm', title, urgent = false, children }: NoticeProps) => (
  <div class={kind === 'wait' ? 'notice wait' : 'notice'} role={urgent ? 'alert' : 'status'}>
    {title === undefined ? null : <h2>{title}</h2>}
    {children}
  </div>
);
