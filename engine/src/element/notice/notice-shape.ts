import type { ExamNotice } from './exam-notice.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Null and undefined have none. */
const fieldsOf = (value: unknown): Fields => Object(value) as Fields;

/** The first part of a page's notice without which it cannot be shown; null if it can. A page may pass on any other server's answer. */
export const wrongNoticeField = (value: unknown): keyof ExamNotice | null => {
  const { server_time: now, started_at: start, ends_at: end, images, retention } = fieldsOf(value);
  if ([now, start ?? now, end ?? now].some((at) => Number.isNaN(Date.parse(String(at))))) return 'server_time';
  if (fieldsOf(images)['while_watched'] === undefined) return 'images';
  return fieldsOf(retention)['frames_days'] === undefined ? 'retention' : null;
};
