import type { GuidanceMessage } from '@invigil/protocol/channels';

/** What a proctor wrote to this student. `atMs`: Unix epoch, the server's clock. */
export interface ProctorMessage {
  id: string;
  text: string;
  atMs: number;
}

/** What proctors say of this sitting while it runs. */
export interface Guidance {
  /** Whether the exam lets students pause the observation. False before the server said so. */
  mayBreak: boolean;
  /** Oldest first. */
  messages: readonly ProctorMessage[];
}

export const noGuidance: Guidance = { mayBreak: false, messages: [] };

/** Older ones are in the sitting's record. */
const keptMessages = 50;

/** The same guidance where the message changes nothing: messages are said again after each reconnection. */
export const stepGuidance = (guidance: Guidance, message: Exclude<GuidanceMessage, { type: 'break' }>): Guidance => {
  if (message.type === 'breaks') {
    return message.allowed === guidance.mayBreak ? guidance : { ...guidance, mayBreak: message.allowed };
  }
  const { message_id: id, text, timestamp } = message;
  if (guidance.messages.some((known) => known.id === id)) return guidance;
  const messages = [...guidance.messages, { id, text, atMs: Date.parse(timestamp) }].slice(-keptMessages);
  return { ...guidance, messages };
};
