import { PresenceClient } from './presence-client.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';
import type { SocketMessage } from './reconnecting-socket.ts';

/** Events about one student or agent, in the order received. */
type Events = Map<string, string[]>;

const add = (all: Events, about: unknown, event: unknown): void => {
  const known = all.get(String(about)) ?? [];
  known.push(String(event));
  all.set(String(about), known);
};

/** A teacher of the exam who counts everything that the exam channel and presence announce, on a replica that stays. */
export class ExamWatch {
  /** By student. */
  readonly participants: Events = new Map();
  /** By agent. */
  readonly agents: Events = new Map();
  /** The exam's own events, such as `session_started`, and each status. */
  readonly steps: string[] = [];
  readonly #exam: ReconnectingSocket;
  readonly #presence: PresenceClient;

  /** @param origin of the server, `ws://…` */
  constructor(origin: string, examId: string, token: string) {
    const url = `${origin}/api/v1/websocket/${examId}/ws?token=${token}`;
    this.#exam = new ReconnectingSocket(url, (message) => this.#onExamMessage(message));
    this.#presence = new PresenceClient({
      origin,
      classroomId: examId,
      label: 'desk',
      token,
      onEvent: ({ label, payload }) => add(this.agents, payload, label),
    });
  }

  get connected(): boolean {
    return this.#exam.connected && this.#presence.connected;
  }

  /** Whether it never had to reconnect, so that it missed nothing. */
  get isComplete(): boolean {
    return this.connected && this.#exam.absencesMs.length === 0 && this.#presence.connects === 1;
  }

  close(): void {
    this.#exam.close();
    this.#presence.close();
  }

  #onExamMessage({ type, student_id: studentId, status }: SocketMessage): void {
    if (studentId !== undefined) return add(this.participants, studentId, type);
    if (type === 'session_status_changed') this.steps.push(String(status));
    if (type === 'session_started' || type === 'session_completed') this.steps.push(type);
  }
}

/** Event lists that do not alternate arrival and departure, beginning with an arrival and ending as expected. */
export const outOfTurn = (all: Events, arrival: string, departure: string, isIn: boolean): Record<string, string[]> => {
  const isInTurn = (events: readonly string[]): boolean =>
    (events.length % 2 === 1) === isIn && events.every((event, at) => event === (at % 2 === 0 ? arrival : departure));
  return Object.fromEntries([...all].filter(([, events]) => !isInTurn(events)));
};
