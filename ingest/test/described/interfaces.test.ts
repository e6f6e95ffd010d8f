import type { Express } from 'express';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelDescriptions } from '../../src/openapi/channels.ts';
import { isPublic } from '../../src/openapi/operation.ts';
import { operations } from '../../src/openapi/operations.ts';
import { createIngest, loadConfig } from '../../src/app.ts';
import { accessTable } from '../../src/auth/access-table.ts';
import type { Ingest } from '../../src/app.ts';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';

let ingest: Ingest;

beforeAll(async () => {
  const folder = await makeFolder();
  ingest = createIngest(loadConfig({ PORT: '0', DATA_DIR: folder, DUMP_DIR: folder, LOG_LEVEL: 'silent' }));
});
afterAll(async () => {
  await ingest.close();
  await removeFolders();
});

/** The parts of express's own structure that the test reads. */
interface Layer {
  name: string;
  rawPath: unknown;
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

const join = (prefix: string, path: unknown): string => `${prefix}${path === '/' ? '' : String(path)}`;

/** `METHOD /path/{parameter}` of every route, at any depth of nested routers. */
const routesOf = (layers: readonly Layer[], prefix = ''): string[] =>
  layers.flatMap(({ route, handle, rawPath }) => {
    if (route !== undefined) {
      const path = join(prefix, route.path).replaceAll(/:(\w+)/g, (_all, name: string) => `{${snakeCase(name)}}`);
      return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path}`);
    }
    return handle.stack === undefined ? [] : routesOf(handle.stack, join(prefix, rawPath));
  });

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const layersOf = (app: Express): Layer[] => (app as unknown as { router: { stack: Layer[] } }).router.stack;

const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

describe('/openapi.json', () => {
  test('describes every route of the running server, and no other', () => {
    const routes = routesOf(layersOf(ingest.endpoints.app));
    expect(routes.length).toBeGreaterThan(30);
    expect([...new Set(routes)].toSorted()).toEqual(described.toSorted());
  });

  test('states for each operation who has access, as in the access table', () => {
    const table: Record<string, string> = {};
    for (const [action, { endpoints }] of Object.entries(accessTable)) {
      for (const endpoint of endpoints) if (!endpoint.startsWith('WS ')) table[endpoint.replace(/\?.*/, '')] ??= action;
    }
    // Files have no routes.
    delete table['GET /'];
    delete table['GET /models/…'];
    const actual = Object.fromEntries(
      operations.map(({ method, path, action }) => [`${method.toUpperCase()} ${path}`, action]),
    );
    expect(actual).toEqual(table);
  });

  test('requires a token for everything that is not public', () => {
    const withParameters = operations.filter((each) => isPublic(each) && each.path.includes('{'));
    // Safe Exam Browser has no token when it fetches the configuration.
    expect(withParameters.map(({ path }) => path)).toEqual(['/api/v1/exams/{exam_id}/safe-exam-browser.seb']);
  });
});

describe('/asyncapi.json', () => {
  test('describes every channel of the running server, and no other', () => {
    const running = ingest.endpoints.channels.map(({ name }) => name).toSorted();
    expect(channelDescriptions.map(({ name }) => name).toSorted()).toEqual(running);
    for (const { name, address } of channelDescriptions) {
      const owner = ingest.endpoints.channels.find(({ path }) => path.test(address.replaceAll(/\{\w+\}/g, 'some-id')));
      expect(owner?.name).toBe(name);
    }
  });

  test('names each message by its type', () => {
    const misnamed: string[] = [];
    for (const { name: channel, client, server } of channelDescriptions) {
      for (const [name, schema] of [...Object.entries(client), ...Object.entries(server)]) {
        const type = 'entries' in schema ? (schema.entries as v.ObjectEntries)['type'] : undefined;
        if (type !== undefined && !v.safeParse(type, name).success) misnamed.push(`${channel}: ${name}`);
      }
    }
    expect(misnamed).toEqual([]);
  });
});
