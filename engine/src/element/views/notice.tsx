import type { ComponentChildren } from 'preact';

interface NoticeProps {
  title: string;
  /** 'wait': a problem that may need the reader; screen readers announce it at once. */
  kind?: 'calm' | 'wait';
  children: ComponentChildren;
}

export const Notice = ({ title, kind = 'calm', children }: NoticeProps) => (
  <div part={`notice ${kind}`} class={`notice ${kind}`} role={kind === 'wait' ? 'alert' : 'status'}>
    <h2>{title}</h2>
    {children}
  </div>
);
