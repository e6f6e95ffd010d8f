import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { asyncapiDocument } from '../../src/api/asyncapi.ts';
import { closedSchema, dateTime } from './closed-schema.ts';

const document = asyncapiDocument();
const schemas = closedSchema(document.components.schemas);
const ajv = new Ajv({ strict: false });
ajv.addFormat('date-time', dateTime);
ajv.addFormat('uri', true);

const channels = Object.entries(document.channels).map(([name, { address }]) => ({
  name,
  pattern: new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));
const validators = new Map<string, ValidateFunction>();

/** Which messages of which channels were seen. */
export const seenMessages = new Set<string>();

/** Throws when a message that the server sent is not as `/asyncapi.json` describes it. */
export const demandDescribedMessage = (url: string, message: { type: string }): void => {
  const { pathname } = new URL(url);
  const name = channels.find(({ pattern }) => pattern.test(pathname))?.name;
  if (name === undefined) throw new Error(`/asyncapi.json knows no channel at ${pathname}`);
  const what = `${name}: ${message.type}`;
  const its = Object.entries(document.channels[name]?.messages ?? {});
  const described = its.find(([key, { name: type }]) => key.startsWith('server-') && type === message.type)?.[1];
  if (described === undefined) throw new Error(`${what} is not in /asyncapi.json`);
  seenMessages.add(what);
  const schema = { ...(closedSchema(described.payload) as object), components: { schemas } };
  const validate = validators.get(what) ?? ajv.compile(schema);
  validators.set(what, validate);
  if (validate(message)) return;
  throw new Error(`${what}, not as described: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(message)}`);
};

/** Every message that the server is described to send. */
export const describedMessages = (): string[] =>
  Object.entries(document.channels).flatMap(([name, { messages }]) =>
    Object.entries(messages)
      .filter(([key]) => key.startsWith('server-'))
      .map(([, message]) => `${name}: ${message.name}`),
  );
