import { clientMessageExamples } from './client-message-examples.ts';
import { recordedExamples } from './recorded-examples.ts';

const found = (name: string): unknown => recordedExamples[name];

/** A body that the operation accepts; undefined for an operation without one. */
export const bodyExample = (method: string, path: string): unknown => found(`body ${method.toUpperCase()} ${path}`);

/** A JSON answer of the operation; undefined for one without JSON. */
export const answerExample = (method: string, path: string, status: string): unknown =>
  found(`answer ${method.toUpperCase()} ${path} ${status}`);

/** A message that the channel's client or server sends. */
export const messageExample = (side: 'client' | 'server', channel: string, name: string): unknown =>
  side === 'server' ? found(`message ${channel}: ${name}`) : clientMessageExamples[channel]?.[name];
