/** Students of an exam. */
export const classSize = 40;

/** Each student's server, in turn. */
export const originOf = (origins: readonly string[], number: number): string => origins[number % origins.length] ?? '';

interface StartedSession {
  session_id: string;
  token: string;
}

/** Over HTTP, as the server of an exam platform does. */
export const startSession = async (
  origin: string,
  number: number,
  token: string | undefined,
): Promise<StartedSession> => {
  const response = await fetch(`${origin}/api/v1/session/start`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ exam_id: `pin-${Math.floor(number / classSize)}`, member_id: `student-${number}` }),
  });
  if (!response.ok) throw new Error(`start answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as StartedSession;
};
