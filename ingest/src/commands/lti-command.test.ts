import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { LtiInvitationRecords } from '../records/lti-invitation-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { isoTime } from '../time/iso-time.ts';
import { ltiCommand } from './lti-command.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
let nowMs = startMs;
let environment: Record<string, string>;

const lti = async (...args: string[]): Promise<string> => {
  const printed: string[] = [];
  const context = { environment, now: () => nowMs, print: (line: string) => printed.push(line), note: () => undefined };
  expect(await ltiCommand.run(args, context)).toBe(0);
  return printed.join('\n');
};
const listed = async (): Promise<Record<string, unknown>[]> =>
  JSON.parse(await lti('list')) as Record<string, unknown>[];

const moodle = {
  issuer: 'https://moodle.example',
  'client-id': 'client',
  'login-url': 'https://moodle.example/auth',
  'keys-url': 'https://moodle.example/keys',
  deployment: '1',
};
const flags = (changes: Record<string, string | undefined> = {}): string[] =>
  Object.entries({ ...moodle, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );

beforeEach(() => {
  nowMs = startMs;
});
afterAll(removeFolders);

let postgres: PostgresService;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

describe.each(['SQLite', 'Postgres'])('the platforms in %s', (kind) => {
  let database: RecordsDatabase;
  beforeAll(async () => {
    const dataDir = await makeFolder();
    environment = {
      DATA_DIR: dataDir,
      DUMP_DIR: join(dataDir, 'dumps'),
      ...(kind === 'Postgres' ? { DATABASE_URL: postgres.url } : {}),
    };
    database = new RecordsDatabase(
      kind === 'Postgres'
        ? { kind: 'postgres', url: postgres.url }
        : { kind: 'sqlite', file: join(dataDir, 'records.db') },
    );
  });
  afterAll(() => database.close());

  test('are none at first', async () => expect(await listed()).toEqual([]));

  test('have the origins of their services only, and no access token address unless one is given', async () => {
    expect(await lti('add', ...flags(), '--service-url', 'https://api.example:8443/lti/members?course=1')).toBe(
      'registered https://moodle.example with 1 deployments',
    );
    expect(await listed()).toMatchObject([{ tokenUrl: null, serviceOrigins: ['https://api.example:8443'] }]);
  });

  test('registered again keep their id and deployments, and get the new addresses', async () => {
    const [before] = await listed();
    const changes = {
      deployment: '2',
      'login-url': 'https://new.example/auth',
      'token-url': 'https://new.example/token',
    };
    await lti('add', ...flags(changes), '--deployment', '2');
    const after = await listed();
    expect(after).toMatchObject([
      {
        platformId: before?.['platformId'],
        loginUrl: 'https://new.example/auth',
        tokenUrl: 'https://new.example/token',
      },
    ]);
    expect(after[0]?.['serviceOrigins']).toEqual([]);
    expect(new Set(after[0]?.['deployments'] as string[])).toEqual(new Set(['1', '2']));
    expect(after[0]?.['deployments']).toHaveLength(2);
  });

  test('of the same issuer under another client id are two', async () => {
    nowMs += 1000;
    await lti('add', ...flags({ 'client-id': 'other' }));
    expect((await listed()).map(({ clientId }) => clientId)).toEqual(['client', 'other']);
    const records = new LtiRecords(database);
    expect(await records.find(moodle.issuer, null)).toBeNull();
    expect(await records.find(moodle.issuer, 'other')).toMatchObject({ clientId: 'other' });
  });

  test('are removed with their deployments; a name that is not registered is an error', async () => {
    const gone = ['--issuer', moodle.issuer, '--client-id', 'other'];
    expect(await lti('remove', ...gone)).toBe('removed https://moodle.example (other)');
    expect((await listed()).map(({ clientId }) => clientId)).toEqual(['client']);
    const deployments = await database.run((db) => db.selectFrom('lti_deployments').selectAll().execute());
    expect(new Set(deployments.map(({ platform_id: id }) => id)).size).toBe(1);
    await expect(lti('remove', ...gone)).rejects.toThrow('no platform has the issuer');
    await expect(lti('remove', '--issuer', moodle.issuer)).rejects.toThrow('--issuer and --client-id are needed');
  });

  test('are invited by a link that is valid for 24 hours and holds nothing that the records hold', async () => {
    environment['PUBLIC_URL'] = 'https://exam.example';
    const links = [await lti('invite', '--platform', 'https://canvas.example/courses/7?x=1')];
    links.push(await lti('invite', '--platform', 'https://canvas.example'));
    expect(links[0]).toMatch(/^https:\/\/exam\.example\/lti\/register\/[\w-]{43}$/);
    expect(links[1]).not.toBe(links[0]);
    const rows = await database.run((db) => db.selectFrom('lti_invitations').selectAll().execute());
    expect(rows.map(({ origin, expires_at }) => [origin, expires_at])).toEqual([
      ['https://canvas.example', '2026-01-06T09:00:00.000Z'],
      ['https://canvas.example', '2026-01-06T09:00:00.000Z'],
    ]);
    for (const { invitation_hash: hash } of rows) expect(links.join()).not.toContain(hash);
    const [first] = rows;
    const invitations = new LtiInvitationRecords(database);
    expect(await invitations.origin(first!.invitation_hash, '2026-01-06T08:59:59.999Z')).toBe('https://canvas.example');
    expect(await invitations.origin(first!.invitation_hash, '2026-01-06T09:00:00.000Z')).toBeNull();
  });

  test('are invited once: of two uses of a link at the same time, one succeeds', async () => {
    const invitations = new LtiInvitationRecords(database);
    const [row] = await database.run((db) => db.selectFrom('lti_invitations').selectAll().execute());
    const uses = await Promise.all([1, 2, 3].map(() => invitations.use(row!.invitation_hash)));
    expect(uses.filter(Boolean)).toHaveLength(1);
  });

  test('no longer have their expired invitations once another one is made', async () => {
    nowMs += 24 * 3_600_000;
    await lti('invite', '--platform', 'https://late.example');
    const rows = await database.run((db) => db.selectFrom('lti_invitations').select('origin').execute());
    expect(rows).toEqual([{ origin: 'https://late.example' }]);
  });

  test('no longer accept the keys that were replaced; replacing again finds none', async () => {
    const keys = new LtiToolKeyRecords(database);
    const keyOf = (period: number, keyId: string) => ({ period, keyId, privateKey: '{}', createdAt: isoTime(nowMs) });
    await Promise.all([keys.add(keyOf(1, 'a')), keys.add(keyOf(1, 'b')), keys.add(keyOf(2, 'c'))]);
    expect((await keys.since(1)).map(({ period }) => period)).toEqual([2, 1]);
    expect(await lti('replace-keys')).toBe('removed 2 keys');
    expect(await keys.since(0)).toEqual([]);
    expect(await lti('replace-keys')).toBe('removed 0 keys');
  });
});

describe('invigil lti refuses, and creates no records for,', () => {
  beforeEach(async () => {
    const dataDir = await makeFolder();
    environment = { DATA_DIR: dataDir, DUMP_DIR: join(dataDir, 'dumps') };
  });

  test.each([
    ['an issuer that is no URL', flags({ issuer: 'moodle' }), '--issuer, --login-url and --keys-url must be URLs'],
    ['an address of another protocol', flags({ 'keys-url': 'file:///etc/passwd' }), 'must be URLs'],
    ['a token address that is no URL', flags({ 'token-url': '/token' }), '--token-url and --service-url must be URLs'],
    [
      'one bad service address of two',
      [...flags({ 'service-url': 'https://a.example' }), '--service-url', 'b'],
      'must be URLs',
    ],
    ['a missing client id', flags({ 'client-id': undefined }), '--client-id is missing'],
    ['an empty client id', flags({ 'client-id': '' }), '--client-id is missing'],
    ['no deployment', flags({ deployment: undefined }), 'at least one --deployment is needed'],
    ['an empty deployment', flags({ deployment: '' }), '--deployment must not be empty'],
    ['an empty deployment among others', [...flags(), '--deployment', ''], '--deployment must not be empty'],
  ])('%s', async (_what, args, message) => {
    await expect(lti('add', ...args)).rejects.toThrow(message);
    expect(await readdir(environment['DATA_DIR']!)).toEqual([]);
  });

  test.each([
    ['an action of the language', ['toString']],
    ['an action too many', ['list', 'add']],
    ['__proto__', ['__proto__']],
  ])('%s', async (_what, args) => {
    await expect(lti(...args)).rejects.toThrow('expected one of: list, add, remove, invite, replace-keys');
    expect(await readdir(environment['DATA_DIR']!)).toEqual([]);
  });

  test.each([
    ['an invitation without PUBLIC_URL', ['--platform', 'https://canvas.example'], {}, 'PUBLIC_URL is not set'],
    ['an invitation of no platform', [], { PUBLIC_URL: 'https://exam.example' }, '--platform must be a URL'],
    [
      'an invitation of a mail address',
      ['--platform', 'mailto:a@b.example'],
      { PUBLIC_URL: 'https://exam.example' },
      '--platform must be a URL',
    ],
  ])('%s', async (_what, args, settings, message) => {
    Object.assign(environment, settings);
    await expect(lti('invite', ...args)).rejects.toThrow(message);
    expect(await readdir(environment['DATA_DIR']!)).toEqual([]);
  });
});
