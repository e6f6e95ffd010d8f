import type { GuidanceMessage, ServerSessionMessage } from '@invigil/protocol/channels';
import type { PicturesMessage } from './connection-options.ts';

type Message<Type extends ServerSessionMessage['type']> = Extract<ServerSessionMessage, { type: Type }>;

export interface MessageHandlers {
  onWelcome(message: Message<'welcome'>): void;
  onAck(message: Message<'ack'>): void;
  onSessionEnded(): void;
  /** The server stored nothing of the last message; pause for this long. */
  onBusy(durationMs: number): void;
  /** The server will never accept this frame. */
  onFrameRejected(seq: number): void;
  /** The server refused a message that is not a single frame. `pauseMs` 0: frames are not affected. */
  onRefused(detail: string, pauseMs: number): void;
  /** @param serverTimeMs Unix epoch; NaN if the server did not state it. */
  onPong(serverTimeMs: number): void;
  onGuidance(message: GuidanceMessage): void;
  onPictures(message: PicturesMessage): void;
}

const busyPauseMs = 2000;
const refusedPauseMs = 5000;

const routeError = ({ code, message, seq }: Message<'error'>, handlers: MessageHandlers): void => {
  if (code === 'SESSION_ENDED') return handlers.onSessionEnded();
  if (seq !== undefined) return handlers.onFrameRejected(seq);
  if (code === 'STORE_UNAVAILABLE' || code === 'RATE_EXCEEDED') return handlers.onBusy(busyPauseMs);
  handlers.onRefused(`${code}: ${message}`, code === 'PICTURE_REFUSED' ? 0 : refusedPauseMs);
};

/** Calls the handler for a message of the server. */
export const routeMessage = (message: ServerSessionMessage, handlers: MessageHandlers): void => {
  switch (message.type) {
    case 'welcome':
      return handlers.onWelcome(message);
    case 'ack':
      return handlers.onAck(message);
    case 'session_ended':
      return handlers.onSessionEnded();
    case 'slow_down':
      return handlers.onBusy(message.retry_after_ms);
    case 'pictures':
      return handlers.onPictures(message);
    case 'error':
      return routeError(message, handlers);
    case 'proctor_message':
    case 'break':
    case 'breaks':
      return handlers.onGuidance(message);
    case 'pong':
      return handlers.onPong(Date.parse(message.timestamp));
    case 'heartbeat':
  }
};
