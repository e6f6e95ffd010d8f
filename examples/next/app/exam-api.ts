import type { ExamNotice } from '@invigil/engine/element';

/** A server or network that never answers must not leave the page waiting for ever. */
const answerWithinMs = 20_000;

/** Calls the exam's own server. Throws an error whose message the student can read. */
const call = async <T>(path: string, body: object = {}): Promise<T> => {
  const response = await fetch(`/exam${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok)
    throw new Error((answer as { error?: string } | null)?.error ?? `The server answered ${response.status}.`);
  return answer as T;
};

const read = async <T>(path: string): Promise<T> => {
  const response = await fetch(path, { signal: AbortSignal.timeout(answerWithinMs) });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()) as T;
};

/** The exam's rules, which the element shows before the student consents. */
export const readNotice = (): Promise<ExamNotice> => read('/exam/notice');
/** Sends a request for help to the proctors. */
export const askForHelp = (text: string): Promise<void> => call('/help', { text });
export const signIn = (student: string): Promise<null> => call('/sign-in', { student });
export const startSession = (): Promise<{ sessionId: string; token: string }> => call('/session');
export const renewToken = (): Promise<{ token: string }> => call('/session/token');
export const handIn = (answers: Record<string, string>): Promise<{ handedInAt: string }> => call('/hand-in', answers);
