import { agentIdOf } from '@invigil/protocol';
import type { Logger } from 'pino';
import type { Session } from '../sessions/session.ts';
import type { AgentLink, PresenceDesk } from './presence-desk.ts';

const label = 'session';

/** Makes the students of the session channel agents in the classroom of their exam. */
export class SessionAgents {
  readonly #desk: PresenceDesk;
  readonly #log: Logger;

  constructor(desk: PresenceDesk, log: Logger) {
    this.#desk = desk;
    this.#log = log;
  }

  /** @returns what to call when the connection is gone. */
  opened({ examId, memberId }: Session): () => void {
    if (examId === null || memberId === null) return () => undefined;
    // The session channel has words of its own for all of this.
    const link: AgentLink = { replaced: () => undefined, terminated: () => undefined, event: () => undefined };
    const entering = this.#desk.enter({ classroomId: examId, agentId: agentIdOf(label, memberId) }, link);
    entering.catch((error: unknown) => this.#log.warn({ event: 'presence.not_entered', error }));
    return () => {
      entering.then(
        (leave) => leave(),
        () => undefined,
      );
    };
  }
}
