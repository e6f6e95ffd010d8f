import { expect, test } from 'vitest';
import { asyncapiDocument } from './asyncapi.ts';
import { openapiDocument } from './openapi.ts';
import { referenceDocument } from './reference-document.ts';

const asyncapi = asyncapiDocument();
const reference = referenceDocument(openapiDocument(), asyncapi);

const schemaNamesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name ?? '');

test('every tag is in exactly one group', () => {
  const grouped = reference['x-tagGroups'].flatMap(({ tags }) => tags);
  expect(grouped).toEqual(reference.tags.map(({ name }) => name));
});

test('describes every message and close code of every channel', () => {
  for (const [name, channel] of Object.entries(asyncapi.channels)) {
    const { description = '' } = reference.tags.find((tag) => tag.name === `channel-${name}`) ?? {};
    expect(description).toContain(channel.address);
    for (const message of Object.values(channel.messages)) expect(description).toContain(`\`${message.name}\``);
    for (const { code } of channel['x-close-codes']) expect(description).toContain(`| ${code} |`);
  }
});

test('every reference leads to a schema in the document', () => {
  const text = JSON.stringify(reference);
  const names = [
    ...schemaNamesIn(text, /"\$ref":"#\/components\/schemas\/([^"]+)"/g),
    ...schemaNamesIn(text, /schemaRef=\\"#\/components\/schemas\/([^"\\]+)/g),
  ];
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !Object.hasOwn(reference.components.schemas, name))).toEqual([]);
});
