import type { Hello, ServerSessionMessage } from '@invigil/protocol/channels';
import type { Session } from '../model/session.ts';

/** Sends an unsolicited message to the student's page. */
export type SendToSession = (message: ServerSessionMessage) => void;

/** Follows one connection of a student, over any transport. */
export interface SessionConnectionListener {
  onHello(hello: Hello): void;
  onClose(): void;
}

/** Called when a student's connection opens. */
export type OnSessionConnected = (session: Session, send: SendToSession) => SessionConnectionListener;
