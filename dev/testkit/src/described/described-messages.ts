import { asyncapiDocument } from '@invigil/ingest/testing';
import { recordExample } from './example-recorder.ts';
import { messageCheck } from './messages.ts';

const document = asyncapiDocument();
const check = messageCheck(document);

/** Messages seen so far, as `channel: message`. */
export const seenMessages = new Set<string>();

/** Throws when a message of the server differs from its description in `/asyncapi.json`. */
export const demandDescribedMessage = (url: string, message: { type: string }): void => {
  const { what, problem } = check(new URL(url).pathname, message);
  if (problem !== null) throw new Error(`${what} differs from /asyncapi.json: ${problem}: ${JSON.stringify(message)}`);
  seenMessages.add(what);
  recordExample(`message ${what}`, message);
};

/** All messages that the server is documented to send. */
export const describedMessages = (): string[] =>
  Object.entries(document.channels).flatMap(([name, { messages }]) =>
    Object.entries(messages)
      .filter(([key]) => key.startsWith('server-'))
      .map(([, message]) => `${name}: ${message.name}`),
  );
