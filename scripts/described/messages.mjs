import { Ajv } from 'ajv';
import { schemaCheck } from './closed-schema.mjs';

/**
 * Compares what the server sends with an AsyncAPI document.
 * @returns for the path of a channel and a message: which message it is, and what is wrong with it (null: nothing).
 */
export const messageCheck = (document) => {
  const check = schemaCheck(new Ajv({ strict: false }), document.components);
  const channels = Object.entries(document.channels).map(([name, { address, messages }]) => ({
    name,
    pattern: new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    messages: Object.entries(messages).filter(([key]) => key.startsWith('server-')),
  }));
  return (pathname, message) => {
    const channel = channels.find(({ pattern }) => pattern.test(pathname));
    if (channel === undefined) return { what: pathname, wrong: 'no channel that is described' };
    const what = `${channel.name}: ${message.type}`;
    const described = channel.messages.find(([, { name }]) => name === message.type);
    return { what, wrong: described === undefined ? 'not described' : check(what, described[1].payload, message) };
  };
};
