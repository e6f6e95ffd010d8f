import type { ClassroomEvent } from '@invigil/protocol/channels';

export interface Agent {
  agentId: string;
  classroomId: string;
}

/** An agent's connection. */
export interface AgentLink {
  /** The same agent connected again; this link is replaced. */
  onReplaced(): void;
  /** This replica is stopping; the agent should connect to another replica. */
  onTerminated(): void;
  /** Omitted for an agent that needs no events; delivery then skips it. */
  onEvent?: (event: ClassroomEvent) => void;
}
