import type { ComponentChildren } from 'preact';

interface NoticeProps {
  /** 'warning': a problem that may need the reader. */
  kind?: 'info' | 'warning';
  title?: string;
  /** Announced at once by screen readers. */
  urgent?: boolean;
  children: ComponentChildren;
}

export const Notice = ({ kind = 'info', title, urgent = false, children }: NoticeProps) => (
  <div class={kind === 'warning' ? 'notice warning' : 'notice'} role={urgent ? 'alert' : 'status'}>
    {title === undefined ? null : <h2>{title}</h2>}
    {children}
  </div>
);
