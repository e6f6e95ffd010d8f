import type { AsyncapiChannel, AsyncapiDocument } from './asyncapi.ts';
import type { OpenapiDocument } from './openapi.ts';

interface ReferenceTag {
  name: string;
  'x-displayName'?: string;
  description: string;
}

/** OpenAPI with the extensions that Redoc reads. */
export interface ReferenceDocument extends Omit<OpenapiDocument, 'tags' | 'components'> {
  tags: ReferenceTag[];
  'x-tagGroups': { name: string; tags: string[] }[];
  components: { schemas: Record<string, unknown>; securitySchemes: object };
}

const schemaPath = '#/components/schemas/';
/** Separates the schemas of the channels from those of HTTP, which have the same names but use another dialect. */
const channelSchemaName = (name: string): string => `channels.${name}`;

const withChannelReferences = (schema: unknown): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' && value.startsWith(schemaPath)
        ? schemaPath + channelSchemaName(value.slice(schemaPath.length))
        : value,
    ),
  );

const messageSchemaName = (channel: string, key: string): string => channelSchemaName(`${channel}.${key}`);

const messageList = (channelName: string, side: 'client' | 'server', { messages }: AsyncapiChannel): string =>
  Object.entries(messages)
    .filter(([key]) => key.startsWith(`${side}-`))
    .map(
      ([key, { name }]) =>
        `### \`${name}\`\n\n<SchemaDefinition schemaRef="${schemaPath}${messageSchemaName(channelName, key)}" showReadOnly={true} showWriteOnly={true} />`,
    )
    .join('\n\n');

const closeCodeTable = ({ 'x-close-codes': codes }: AsyncapiChannel): string =>
  ['| code | reason | reconnect |', '|---|---|---|']
    .concat(codes.map(({ code, reason, reconnect }) => `| ${code} | ${reason} | ${reconnect ? 'yes' : 'no'} |`))
    .join('\n');

const channelTag = ([name, channel]: [string, AsyncapiChannel]): ReferenceTag => ({
  name: `channel-${name}`,
  'x-displayName': name,
  description: [
    `\`WS ${channel.address}\``,
    channel.description,
    '## Messages from the client',
    messageList(name, 'client', channel),
    '## Messages from the server',
    messageList(name, 'server', channel),
    '## Close codes',
    closeCodeTable(channel),
  ].join('\n\n'),
});

const messageSchemas = ({ channels, components }: AsyncapiDocument): Record<string, unknown> => {
  const named = Object.entries(components.schemas).map(([name, schema]) => [channelSchemaName(name), schema]);
  const messages = Object.entries(channels).flatMap(([channel, { messages: its }]) =>
    Object.entries(its).map(([key, { payload }]) => [messageSchemaName(channel, key), payload]),
  );
  return withChannelReferences(Object.fromEntries([...named, ...messages])) as Record<string, unknown>;
};

/** Both API documents as one OpenAPI document for Redoc: each WebSocket channel is a tag that describes its messages. */
export const referenceDocument = (openapi: OpenapiDocument, asyncapi: AsyncapiDocument): ReferenceDocument => {
  const channelTags = Object.entries(asyncapi.channels).map(channelTag);
  return {
    ...openapi,
    tags: [...openapi.tags, ...channelTags],
    'x-tagGroups': [
      { name: 'HTTP', tags: openapi.tags.map(({ name }) => name) },
      { name: 'WebSocket channels', tags: channelTags.map(({ name }) => name) },
    ],
    components: {
      ...openapi.components,
      schemas: { ...openapi.components.schemas, ...messageSchemas(asyncapi) },
    },
  };
};
