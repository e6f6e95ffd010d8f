import { FeatureFrameSchema } from '@invigil/protocol/frame';
import { FeaturesWithTimeSchema, closeCodes } from '@invigil/protocol/channels';
import { ObservationSchema } from '@invigil/protocol/rules';
import type { CloseReason } from '@invigil/protocol/channels';
import { channelDescriptions } from './channels.ts';
import type { ChannelDescription } from './channels.ts';
import { description } from './description.ts';
import { SchemaWriter } from './json-schema.ts';
import type { JsonSchemas } from './json-schema.ts';
import { parametersOf } from './operation.ts';

const asked = new SchemaWriter('input', 'draft-07', {
  Features: FeaturesWithTimeSchema,
  FeatureFrame: FeatureFrameSchema,
});
const told = new SchemaWriter('output', 'draft-07', { Observation: ObservationSchema });

interface Ref {
  $ref: string;
}

export interface AsyncapiMessage {
  name: string;
  summary: string;
  payload: object;
}

export interface AsyncapiChannel {
  address: string;
  title: string;
  description: string;
  parameters?: Record<string, { description: string }>;
  messages: Record<string, AsyncapiMessage>;
  bindings?: object;
  /** With which codes the server ends a connection, and whether to come back. */
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

/** Of which side: both may know a message of the same name. */
const keyOf = (side: 'client' | 'server', name: string): string => `${side}-${name.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;

const messagesOf = (side: 'client' | 'server', { client, server }: ChannelDescription) =>
  Object.entries(side === 'client' ? client : server).map(([name, schema]): [string, AsyncapiMessage] => [
    keyOf(side, name),
    {
      name,
      summary: `${side === 'client' ? 'To' : 'From'} the server: ${name}`,
      payload: (side === 'client' ? asked : told).of(schema),
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
  summary: side === 'client' ? 'What a client may send' : 'What the server sends',
  security: [{ $ref: '#/components/securitySchemes/token' }],
  messages: messagesOf(side, channel).map(([key]) => ({ $ref: `#/channels/${channel.name}/messages/${key}` })),
});

/** The description of the WebSocket channels, made from the schemas that the server reads with. */
export const asyncapiDocument = (): AsyncapiDocument => ({
  asyncapi: '3.0.0',
  info: {
    ...description(
      'JSON messages over WebSocket. `receive`: what the server takes; `send`: what it sends. Requests and answers over HTTP are ' +
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
    schemas: { ...asked.components(), ...told.components() },
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'In the `Authorization` header, in the query (`?token=`), or where the channel asks for it in the first message.',
      },
    },
  },
});
