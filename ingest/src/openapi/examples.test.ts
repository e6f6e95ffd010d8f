import { answerCheck } from '@invigil/testkit/described/answers';
import { messageCheck } from '@invigil/testkit/described/messages';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { asyncapiDocument } from './asyncapi.ts';
import { channelDescriptions } from './channels.ts';
import { openapiDocument } from './openapi.ts';
import { operations } from './operations.ts';

const openapi = openapiDocument();
const asyncapi = asyncapiDocument();

describe('each operation has an example', () => {
  const accepted = operations.flatMap(({ method, path, body }) => (body === undefined ? [] : [{ method, path, body }]));

  test.each(accepted)('of a body that it accepts: $method $path', ({ method, path, body }) => {
    const example = openapi.paths[path]?.[method]?.requestBody?.content['application/json'].example;
    expect(example).toBeDefined();
    expect(v.safeParse(body, example).issues).toBeUndefined();
  });

  const isDescription = (path: string): boolean => ['/openapi.json', '/asyncapi.json'].includes(path);
  const answered = operations
    .filter(({ path }) => !isDescription(path))
    .flatMap(({ method, path, answers }) =>
      Object.entries(answers).flatMap(([status, { schema }]) =>
        schema === null || Number(status) >= 300 ? [] : [{ method, path, status: Number(status) }],
      ),
    );
  const check = answerCheck(openapi);

  test.each(answered)('of its answer: $method $path $status', ({ method, path, status }) => {
    const example = openapi.paths[path]?.[method]?.responses[status]?.content?.['application/json']?.example;
    expect(example).toBeDefined();
    const answer = { method: method.toUpperCase(), path: path.replaceAll(/[{}]/g, ''), status };
    const seen = { ...answer, contentType: 'application/json', text: JSON.stringify(example) };
    expect(check(seen)).toEqual({ what: `${answer.method} ${path} ${status}`, problem: null });
  });
});

describe('each message has an example', () => {
  const exampleOf = (channel: string, side: string, name: string): unknown =>
    Object.entries(asyncapi.channels[channel]?.messages ?? {}).find(
      ([key, message]) => key.startsWith(`${side}-`) && message.name === name,
    )?.[1].examples[0]?.payload;
  const check = messageCheck(asyncapi);

  test.each(channelDescriptions)('on the channel $name', ({ name: channel, address, client, server }) => {
    for (const [name, schema] of Object.entries(client)) {
      expect({ name, issues: v.safeParse(schema, exampleOf(channel, 'client', name)).issues }).toEqual({ name });
    }
    for (const name of Object.keys(server)) {
      const example = exampleOf(channel, 'server', name) as { type: string };
      expect(check(address.replaceAll(/[{}]/g, ''), example)).toEqual({ what: `${channel}: ${name}`, problem: null });
    }
  });
});
