import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { allowedMethods } from '../../src/openapi/allowed-methods.ts';
import { openapiDocument } from '../../src/openapi/openapi.ts';
import { operations } from '../../src/openapi/operations.ts';

const openapi = openapiDocument();
let server: TestServer;
/** Values of the parameters in paths. */
let ids: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  await server.ask('POST', '/api/v1/exams', { exam_id: 'physics' });
  for (const step of ['open', 'start']) await server.ask('POST', `/api/v1/exams/physics/${step}`);
  const { json } = await server.ask('POST', '/api/v1/session/start', { exam_id: 'physics', member_id: 'ada' });
  ids = { exam_id: 'physics', session_id: json.session_id, member_id: 'ada', student_id: 'ada' };
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const pathOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? 'some-id');

test('each path answers every method that it does not have with 405, and lists its own', async () => {
  const methodsOf = allowedMethods(operations);
  const wrong: string[] = [];
  for (const path of new Set(operations.map((operation) => pathOf(operation.path)))) {
    const allowed = methodsOf(path);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !allowed.includes(each))) {
      const { status, headers, json } = await server.ask(method, path);
      const isRefused =
        status === 405 && json?.code === 'METHOD_NOT_ALLOWED' && headers.get('allow') === allowed.join(', ');
      if (!isRefused) wrong.push(`${method} ${path}: ${status} ${headers.get('allow')}`);
    }
  }
  expect(wrong).toEqual([]);
});

interface ObjectSchema {
  $ref?: string;
  required?: string[];
  properties?: Record<string, unknown>;
}

const resolved = (schema: ObjectSchema): ObjectSchema => {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (openapi.components.schemas[name] as ObjectSchema);
};

/** A value of another type than the example's. */
const anotherType = (value: unknown): unknown => (typeof value === 'string' ? 7 : 'x');

const withRequiredFields = operations.flatMap(({ method, path }) => {
  const content = openapi.paths[path]?.[method]?.requestBody?.content['application/json'];
  if (content === undefined) return [];
  const { required = [], properties = {} } = resolved(content.schema);
  // The server's own user here is an exam platform, which has to name the student where a student need not.
  const example = { ...('student_id' in properties ? { student_id: 'ada' } : {}), ...(content.example as object) };
  return required.length === 0 ? [] : [{ method: method.toUpperCase(), path, required, example }];
});

test('of each body, a missing field and one of the wrong type are named and told apart', async () => {
  const wrong: string[] = [];
  expect(withRequiredFields.length).toBeGreaterThan(15);
  for (const { method, path, required, example } of withRequiredFields) {
    for (const field of required) {
      const body = example as Record<string, unknown>;
      const { [field]: value, ...rest } = body;
      for (const [isMissing, sent] of [
        [true, rest],
        [false, { ...body, [field]: anotherType(value) }],
      ] as const) {
        const { status, json } = await server.ask(method, pathOf(path), sent);
        const isTold = String(json?.detail).includes('is required') === isMissing;
        const isNamed = String(json?.field).split('.')[0] === field;
        if (status !== 400 || !isTold || !isNamed) {
          wrong.push(
            `${method} ${path} ${isMissing ? 'without' : 'with a bad'} ${field}: ${status} ${JSON.stringify(json)}`,
          );
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test.each(withRequiredFields)('$method $path says that its body must be JSON', async ({ method, path }) => {
  const answer = await server.ask(method, pathOf(path), 'exam_id=physics', { 'Content-Type': 'text/plain' });
  expect(answer).toMatchObject({ status: 400, json: { code: 'BAD_JSON' } });
  expect(await server.ask(method, pathOf(path), [])).toMatchObject({ status: 400, json: { code: 'INVALID_MESSAGE' } });
});
