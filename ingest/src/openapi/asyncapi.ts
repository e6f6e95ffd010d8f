import { FeatureFrameSchema } from '@invigil/protocol/frame';
import { FeaturesWithTimeSchema, closeCodes } from '@invigil/protocol/channels';
import { ObservationSchema } from '@invigil/protocol/rules';
import type { CloseReason } from '@invigil/protocol/channels';
import { channelDescriptions } from './channels.ts';
import type { ChannelDescription } from './channels.ts';
import { description } from './description.ts';
import { messageExample } from './examples.ts';
import { SchemaWriter } from './json-schema.ts';
import type { JsonSchemas } from './json-schema.ts';
import { parametersOf } from './operation.ts';
import { runAtOnce } from '../time/run-in-slices.ts';

const inputSchemas = new SchemaWriter('input', 'draft-07', {
  Features: FeaturesWithTimeSchema,
  FeatureFrame: FeatureFrameSchema,
});
const outputSchemas = new SchemaWriter('output', 'draft-07', { Observation: ObservationSchema });

interface Ref {
  $ref: string;
}

interface AsyncapiMessage {
  name: string;
  summary: string;
  payload: object;
  examples: { payload: unknown }[];
}

export interface AsyncapiChannel {
  address: string;
  title: string;
  description: string;
  parameters?: Record<string, { description: string }>;
  messages: Record<string, AsyncapiMessage>;
  bindings?: object;
  /** The close codes of the server, and whether a client should reconnect. */
  'x-close-codes': readonly CloseReason[];
}

export interface AsyncapiDocument {
  asyncapi: '3.0.0';
  info: object;
  defaultContentType: 'application/json';
  channels: Record<string, AsyncapiChannel>;
  operations: Record<
    string,
    { action: 'receive' | 'send'; channel: Ref; summary: string; security: Ref[]; messages: Ref[] }
  >;
  components: { schemas: JsonSchemas; securitySchemes: object };
}

/** By sender, because both sides may have a message of the same name. */
const keyOf = (side: 'client' | 'server', name: string): string => `${side}-${name.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;

const messagesOf = (side: 'client' | 'server', { name: channel, client, server }: ChannelDescription) =>
  Object.entries(side === 'client' ? client : server).map(([name, schema]): [string, AsyncapiMessage] => [
    keyOf(side, name),
    {
      name,
      summary: `${side === 'client' ? 'To' : 'From'} the server: ${name}`,
      payload: (side === 'client' ? inputSchemas : outputSchemas).of(schema),
      examples: [{ payload: messageExample(side, channel, name) }],
    },
  ]);

const queryToken = {
  ws: { method: 'GET', query: { type: 'object', properties: { token: { type: 'string', description: 'The token' } } } },
};

const channelOf = (channel: ChannelDescription): AsyncapiChannel => {
  const parameters = parametersOf(channel.address);
  return {
    address: channel.address,
    title: channel.name,
    description: channel.summary,
    ...(parameters.length === 0
      ? {}
      : { parameters: Object.fromEntries(parameters.map((name) => [name, { description: 'An id' }])) }),
    messages: Object.fromEntries([...messagesOf('client', channel), ...messagesOf('server', channel)]),
    ...(channel.token === 'query' ? { bindings: queryToken } : {}),
    'x-close-codes': channel.closes.map((name) => closeCodes[name]),
  };
};

const operationOf = (
  side: 'client' | 'server',
  channel: ChannelDescription,
): AsyncapiDocument['operations'][string] => ({
  action: side === 'client' ? 'receive' : 'send',
  channel: { $ref: `#/channels/${channel.name}` },
  summary: side === 'client' ? 'Messages that a client may send' : 'Messages that the server sends',
  security: [{ $ref: '#/components/securitySchemes/token' }],
  messages: messagesOf(side, channel).map(([key]) => ({ $ref: `#/channels/${channel.name}/messages/${key}` })),
});

/** The description of the WebSocket channels, generated from the schemas that parse the messages, in steps of some milliseconds. */
export const asyncapiSteps = function* (): Generator<void, AsyncapiDocument> {
  for (const { client, server } of channelDescriptions) {
    inputSchemas.add(Object.values(client));
    yield;
    outputSchemas.add(Object.values(server));
    yield;
  }
  return asyncapi();
};

export const asyncapiDocument = (): AsyncapiDocument => runAtOnce(asyncapiSteps());

const asyncapi = (): AsyncapiDocument => ({
  asyncapi: '3.0.0',
  info: {
    ...description(
      'JSON messages over WebSocket. `receive`: messages that the server accepts; `send`: messages that it sends. The HTTP API is ' +
        'described in `/openapi.json`.',
    ),
    license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  },
  defaultContentType: 'application/json',
  channels: Object.fromEntries(channelDescriptions.map((channel) => [channel.name, channelOf(channel)])),
  operations: Object.fromEntries(
    channelDescriptions.flatMap((channel) => [
      [`${channel.name}Receive`, operationOf('client', channel)],
      [`${channel.name}Send`, operationOf('server', channel)],
    ]),
  ),
  components: {
    schemas: { ...inputSchemas.components(), ...outputSchemas.components() },
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'In the `Authorization` header, in the query (`?token=`), or in the first message if the channel asks for it there.',
      },
    },
  },
});
