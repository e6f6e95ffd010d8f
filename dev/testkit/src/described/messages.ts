import { Ajv } from 'ajv';
import { schemaCheck } from './closed-schema.ts';

/** The parts of an AsyncAPI document that this check reads. */
export interface DescribedChannels {
  channels: Record<string, { address: string; messages: Record<string, { name: string; payload: object }> }>;
  components: { schemas?: unknown };
}

/** The message's channel and name, and the problem with it; null for none. */
export interface CheckedMessage {
  what: string;
  problem: string | null;
}

/** Compares messages that the server sent with an AsyncAPI document. */
export const messageCheck = (
  document: DescribedChannels,
): ((pathname: string, message: { type: string }) => CheckedMessage) => {
  const check = schemaCheck(new Ajv({ strict: false }), document.components);
  const channels = Object.entries(document.channels).map(([name, { address, messages }]) => ({
    name,
    pattern: new RegExp(`^${address.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    messages: Object.entries(messages)
      .filter(([key]) => key.startsWith('server-'))
      .map(([, message]) => message),
  }));
  return (pathname, message) => {
    const channel = channels.find(({ pattern }) => pattern.test(pathname));
    if (channel === undefined) return { what: pathname, problem: 'undocumented channel' };
    const what = `${channel.name}: ${message.type}`;
    const described = channel.messages.find(({ name }) => name === message.type);
    const problem = described === undefined ? 'undocumented message' : check(what, described.payload, message);
    return { what, problem };
  };
};
