import { messageCheck } from '../../../scripts/described/messages.mjs';
import { asyncapiDocument } from '../../src/openapi/asyncapi.ts';

const document = asyncapiDocument();
const check = messageCheck(document);

/** Which messages of which channels were seen. */
export const seenMessages = new Set<string>();

/** Throws when a message that the server sent is not as `/asyncapi.json` describes it. */
export const demandDescribedMessage = (url: string, message: { type: string }): void => {
  const { what, wrong } = check(new URL(url).pathname, message);
  if (wrong !== null) throw new Error(`${what}, not as in /asyncapi.json: ${wrong}: ${JSON.stringify(message)}`);
  seenMessages.add(what);
};

/** Every message that the server is described to send. */
export const describedMessages = (): string[] =>
  Object.entries(document.channels).flatMap(([name, { messages }]) =>
    Object.entries(messages)
      .filter(([key]) => key.startsWith('server-'))
      .map(([, message]) => `${name}: ${message.name}`),
  );
