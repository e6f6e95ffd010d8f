/** Calls the exam's own server. Throws an error whose message the student can read. */
const call = async <T>(path: string, body: object = {}): Promise<T> => {
  const response = await fetch(`/exam${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok)
    throw new Error((answer as { error?: string } | null)?.error ?? `The server answered ${response.status}.`);
  return answer as T;
};

/** Whether the student is still signed in, for example after a reload. */
export const isStudentKnown = async (): Promise<boolean> => {
  const response = await fetch('/exam/student');
  return ((await response.json()) as { student: string | null }).student !== null;
};
export const signIn = (student: string): Promise<null> => call('/sign-in', { student });
export const startSession = (): Promise<{ sessionId: string; token: string }> => call('/session');
export const renewToken = (): Promise<{ token: string }> => call('/session/token');
export const handIn = (answers: Record<string, string>): Promise<{ handedInAt: string }> => call('/hand-in', answers);
