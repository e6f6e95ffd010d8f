import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { ExamRequest, StartedSession } from './exam-server.ts';

/** The hostile student: a valid token, a running session, and no intention of respecting any limit. */
export interface HostileStudent {
  exam: ExamRequest;
  memberId: string;
  token: string;
  session: StartedSession;
  /** Aborted when the time is up. */
  signal: AbortSignal;
}

/** Does one thing as fast as the server lets it, until the time is up. */
export type Attack = (student: HostileStudent) => Promise<void>;

const unsentBytes = 2_000_000;

/** Opens a socket that ignores every error and every message of the server. */
export const openSocket = ({ exam, signal }: HostileStudent, path: string): Promise<WebSocket | null> =>
  new Promise((resolve) => {
    const socket = new WebSocket(exam.socketUrl(path), { maxPayload: 0 });
    const stop = (): void => socket.terminate();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(null);
    });
    socket.on('open', () => resolve(socket));
  });

export const sessionPath = ({ session }: HostileStudent): string =>
  `/api/v1/session/ws/${session.sessionId}?token=${session.token}`;

/** Sends message after message, over a new socket whenever the server closes one. */
export const flood =
  (pathOf: (student: HostileStudent) => string, first: string | null, next: (index: number) => string): Attack =>
  async (student) => {
    const { signal } = student;
    for (let index = 0; !signal.aborted;) {
      const socket = await openSocket(student, pathOf(student));
      if (socket === null) {
        await delay(20);
        continue;
      }
      if (first !== null) socket.send(first);
      while (!signal.aborted && socket.readyState === WebSocket.OPEN) {
        const isFull = socket.bufferedAmount >= unsentBytes;
        if (!isFull) socket.send(next(index++));
        if (isFull || index % 20 === 0) await delay(1);
      }
    }
  };

/** Sends request after request, several at a time. */
export const requests =
  (atATime: number, next: (student: HostileStudent, index: number) => [string, string, unknown?]): Attack =>
  async (student) => {
    let index = 0;
    const one = async (): Promise<void> => {
      while (!student.signal.aborted) {
        const [method, path, body] = next(student, index++);
        await student.exam
          .request(method, path, student.token, body)
          .then((response) => response.arrayBuffer())
          .catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: atATime }, one));
  };
