import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { problemCodes } from '@invigil/protocol/channels';
import { accessTable } from '../auth/access-table.ts';
import { statusOf } from '../http/problems/http-problem.ts';
import { asyncapiDocument, asyncapiSteps } from './asyncapi.ts';
import { SchemaWriter } from './json-schema.ts';
import { openapiDocument, openapiSteps } from './openapi.ts';
import { parametersOf, problemsOf } from './operation.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

/** Every `$ref` in a document. */
const referencesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : referencesIn(each),
  );
};
const resolves = (document: unknown, reference: string): boolean => {
  let at: unknown = document;
  for (const key of reference.replace(/^#\//, '').split('/')) {
    at = (at as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at !== undefined;
};

describe.each([
  ['openapi.json', openapiDocument()],
  ['asyncapi.json', asyncapiDocument()],
] as const)('%s', (_name, document) => {
  test('has no reference that leads nowhere', () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter((reference) => !resolves(document, reference))).toEqual([]);
  });

  test('is plain JSON: nothing is lost when it is sent', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

test('the descriptions are made in more steps than there are operations and channels', () => {
  const stepsOf = (steps: Generator<void, object>): number => [...steps].length;
  expect(stepsOf(openapiSteps())).toBeGreaterThan(operations.length);
  expect(stepsOf(asyncapiSteps())).toBeGreaterThan(Object.keys(asyncapiDocument().channels).length);
});

describe('the described operations', () => {
  test('have ids and pairs of method and path of their own', () => {
    const ids = operations.map(({ id }) => id);
    const pairs = operations.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s has a summary, an answer, an access rule and known problems',
    (_id, operation) => {
      expect(operation.summary.length).toBeGreaterThan(3);
      expect(Object.keys(operation.answers).some((status) => Number(status) < 300)).toBe(true);
      expect(Object.keys(accessTable)).toContain(operation.action);
      for (const code of problemsOf(operation)) expect(problemCodes).toContain(code);
      expect(new Set(problemsOf(operation)).size).toBe(problemsOf(operation).length);
    },
  );

  test('are all in the document, with a response for each of their answers and problems', () => {
    const paths = openapiDocument().paths as Record<string, Record<string, { responses: object }>>;
    for (const operation of operations) {
      const responses = Object.keys(paths[operation.path]?.[operation.method]?.responses ?? {});
      const expected = [
        ...Object.keys(operation.answers),
        ...problemsOf(operation).map((code) => String(statusOf[code])),
      ];
      expect(responses).toEqual(expect.arrayContaining([...new Set(expected)]));
    }
  });
});

describe('what follows from an operation', () => {
  const operation = (changes: Partial<Operation> = {}): Operation => ({
    method: 'get',
    path: '/x',
    id: 'x',
    tag: 'x',
    summary: 'x',
    action: 'session.read',
    answers: {},
    ...changes,
  });

  test.each([
    ['/exams', []],
    ['/exams/{exam_id}', ['exam_id']],
    ['/exams/{exam_id}/accommodations/{member_id}', ['exam_id', 'member_id']],
  ])('the parameters of %s', (path, expected) => {
    expect(parametersOf(path)).toEqual(expected);
  });

  test('open pages ask for no token, and may still refuse a foreign origin', () => {
    expect(problemsOf(operation({ action: 'server.look' }))).toEqual(['ACCESS_DENIED', 'INTERNAL']);
    expect(problemsOf(operation())).toEqual(expect.arrayContaining(['AUTH_FAILED', 'STORE_UNAVAILABLE']));
  });

  test('a body can be too large or no JSON', () => {
    expect(problemsOf(operation({ body: v.object({}) }))).toEqual(
      expect.arrayContaining(['BAD_JSON', 'INVALID_MESSAGE', 'MESSAGE_TOO_BIG']),
    );
  });
});

describe('SchemaWriter', () => {
  const Named = v.object({ id: v.string() });
  const Preset = v.object({ limit: v.optional(v.number(), 5), name: v.optional(v.string()) });

  test('describes a preset as optional for a client and as always there in an answer', () => {
    const required = (direction: 'input' | 'output') =>
      (new SchemaWriter(direction, 'draft-2020-12', {}).of(Preset) as { required: string[] }).required;
    expect(required('input')).toEqual([]);
    expect(required('output')).toEqual(['limit']);
  });

  test('refers to schemas that have names, wherever they occur', () => {
    const writer = new SchemaWriter('input', 'draft-2020-12', { Named });
    const described = writer.of(v.object({ one: Named, many: v.array(Named) }));
    expect(described.properties).toEqual({
      one: { $ref: '#/components/schemas/Named' },
      many: { type: 'array', items: { $ref: '#/components/schemas/Named' } },
    });
    expect(writer.components()).toMatchObject({ Named: { type: 'object', required: ['id'] } });
  });

  test('goes through the named schemas once for many others, and not again for those it knows', () => {
    let reads = 0;
    const writer = new SchemaWriter('input', 'draft-2020-12', {
      get Named() {
        reads += 1;
        return Named;
      },
    });
    writer.add([v.string()]);
    const forOne = reads;
    const many = Array.from({ length: 20 }, () => v.object({ one: Named }));
    writer.add(many);
    for (const schema of many)
      expect(writer.of(schema).properties).toEqual({ one: { $ref: '#/components/schemas/Named' } });
    expect(reads).toBe(2 * forOne);
  });

  test('keeps limits, and has no dialect of its own inside a document', () => {
    const described = new SchemaWriter('input', 'draft-07', {}).of(v.pipe(v.string(), v.minLength(2), v.maxLength(9)));
    expect(described).toEqual({ type: 'string', minLength: 2, maxLength: 9 });
  });
});
