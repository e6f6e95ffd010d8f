import type { GuidanceMessage } from '@invigil/protocol/channels';

/** A proctor's message to this student. `atMs`: Unix epoch, the server's clock. */
export interface ProctorMessage {
  id: string;
  text: string;
  atMs: number;
}

/** Proctors' messages to this student, and whether breaks are allowed. */
export interface Guidance {
  /** Whether the exam allows breaks. False until the server reports otherwise. */
  mayBreak: boolean;
  /** Oldest first. */
  messages: readonly ProctorMessage[];
}

export const noGuidance: Guidance = { mayBreak: false, messages: [] };

/** The session's record keeps older ones. */
const keptMessages = 50;

/** Returns the same object if the message changes nothing: the server repeats messages after each reconnection. */
export const stepGuidance = (guidance: Guidance, message: Exclude<GuidanceMessage, { type: 'break' }>): Guidance => {
  if (message.type === 'breaks') {
    return message.allowed === guidance.mayBreak ? guidance : { ...guidance, mayBreak: message.allowed };
  }
  const { message_id: id, text, timestamp } = message;
  if (guidance.messages.some((known) => known.id === id)) return guidance;
  const messages = [...guidance.messages, { id, text, atMs: Date.parse(timestamp) }].slice(-keptMessages);
  return { ...guidance, messages };
};
