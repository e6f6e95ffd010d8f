import type { ExamNotice } from '@invigil/engine/element';

/** Origin of the exam server, `EXAM_SERVER_URL`. Throws if it is not set. */
export const examServerUrl = (): string => {
  const url = process.env['EXAM_SERVER_URL'];
  if (url === undefined || url === '') throw new Error('EXAM_SERVER_URL is not set; see the README');
  return url;
};

const read = async <T>(path: string, cookie: string | null = null): Promise<T> => {
  const response = await fetch(new URL(path, examServerUrl()), {
    headers: cookie === null ? {} : { cookie },
    cache: 'no-store',
  });
  if (!response.ok) throw new Error(`the exam server answered ${response.status}`);
  return (await response.json()) as T;
};

interface TitledNotice extends ExamNotice {
  title: string | null;
}

/** The exam's title and rules. */
export const readNotice = (): Promise<TitledNotice> => read('/exam/notice');

/** Whether the student who sent this cookie is signed in. */
export const isStudentKnown = async (cookie: string | null): Promise<boolean> =>
  (await read<{ student: string | null }>('/exam/student', cookie)).student !== null;

let proctorUrl: Promise<string> | null = null;

/** Origin of the proctoring server; it does not change while the exam server runs. */
export const readProctorUrl = (): Promise<string> => {
  proctorUrl ??= read<{ proctorUrl: string }>('/settings.json').then(
    (settings) => settings.proctorUrl,
    (error: Error) => {
      proctorUrl = null;
      throw error;
    },
  );
  return proctorUrl;
};
