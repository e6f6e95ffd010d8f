import type { ServerExamMessage } from '@invigil/protocol/channels';
import { staffToken } from '../../sign-in/staff-token.ts';
import { SocketLink } from './socket-link.ts';
import type { LinkState } from './socket-link.ts';

export interface ExamLinkOptions {
  examId: string;
  message: (message: ServerExamMessage) => void;
  state: (state: LinkState) => void;
}

/** The server answers each heartbeat. */
const heartbeatEveryMs = 20_000;
const silentAfterMs = 60_000;

/** Events of one exam. The exam's state includes events that were missed without a connection. */
export class ExamLink {
  readonly #link: SocketLink;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor({ examId, message, state }: ExamLinkOptions) {
    this.#link = new SocketLink({
      path: () => {
        const token = staffToken();
        const query = token === null ? '' : `?token=${encodeURIComponent(token)}`;
        return `/api/v1/websocket/${encodeURIComponent(examId)}/ws${query}`;
      },
      state,
      silentAfterMs,
      ping: () => this.#sendHeartbeat(),
      opened: () => undefined,
      message: (received) => {
        if (received !== null) message(received as ServerExamMessage);
      },
    });
  }

  open(): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#sendHeartbeat(), heartbeatEveryMs);
    this.#link.open();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#link.close();
  }

  #sendHeartbeat(): void {
    this.#link.send({ type: 'heartbeat' });
  }
}
