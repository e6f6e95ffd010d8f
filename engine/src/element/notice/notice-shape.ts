import type { ExamNotice } from './exam-notice.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Null and undefined have none. */
const fieldsOf = (value: unknown): Fields => Object(value) as Fields;

/** Whether a page's notice has what the element shows. A page may pass on any other server's answer. */
export const isNotice = (value: unknown): value is ExamNotice => {
  const { server_time: now, started_at: start, ends_at: end, images, retention } = fieldsOf(value);
  return (
    [now, start ?? now, end ?? now].every((at) => typeof at === 'string' && Date.parse(at) > 0) &&
    fieldsOf(images)['while_watched'] !== undefined &&
    fieldsOf(retention)['frames_days'] !== undefined
  );
};
