import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startSocketlessProxy } from '@invigil/testkit/network/socketless-proxy';
import type { ChildService } from '@invigil/testkit/services/child-service';
import { freePort } from '@invigil/testkit/services/free-port';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { createClient } from 'redis';
import pg from 'pg';
import { doctorCommand } from '../../src/commands/doctor/doctor-command.ts';
import { runChecks } from '../../src/commands/doctor/run-checks.ts';
import { RecordsDatabase } from '../../src/records/records-database.ts';
import { runCommandIn } from './run.ts';

let redis: ChildService & { url: string };
let nats: ChildService & { url: string };
let postgres: PostgresService;
let keyServer: Server;
let keys: { status: number; body: unknown; ageS: number };
let goodKeys: unknown;
let server: TestServer;
let proxy: { url: string; close: () => void };
/** A set-up without any fault; each test breaks one thing in its own folder. */
let healthy: Record<string, string>;
let home: string;

const urlOf = (of: Server): string => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;

beforeAll(async () => {
  [redis, nats, postgres] = await Promise.all([startRedis(await makeFolder()), startNats(), startPostgres()]);
  await new RecordsDatabase({ kind: 'postgres', url: postgres.url }).check();
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  goodKeys = { keys: [{ ...(await exportJWK(publicKey)), use: 'sig' }] };
  keyServer = createServer((_request, response) => {
    response.setHeader('Date', new Date(Date.now() - keys.ageS * 1000).toUTCString());
    response.writeHead(keys.status).end(JSON.stringify(keys.body));
  });
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  server = await startServer();
  proxy = await startSocketlessProxy(server.origin);
});
afterAll(async () => {
  proxy.close();
  keyServer.close();
  await server.close();
  await Promise.all([redis.stop(), nats.stop(), postgres.remove()]);
  await removeFolders();
});

const weights = Buffer.from('weights');
const manifest = {
  models: [{ files: [{ file: 'face.bin', bytes: 7, sha256: createHash('sha256').update(weights).digest('hex') }] }],
};

const command = async (...words: string[]): Promise<void> => {
  const client = await createClient({ url: redis.url }).connect();
  await client.sendCommand(words);
  client.destroy();
};

const query = async (text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(text);
  await client.end();
};

beforeEach(async () => {
  home = await makeFolder();
  for (const name of ['data', 'models', 'site']) await mkdir(join(home, name));
  await writeFile(join(home, 'models', 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(home, 'models', 'face.bin'), weights);
  await writeFile(join(home, 'site', 'index.html'), '');
  keys = { status: 200, body: goodKeys, ageS: 0 };
  await command('CONFIG', 'SET', 'appendonly', 'yes');
  healthy = {
    DATA_DIR: join(home, 'data'),
    DUMP_DIR: join(home, 'dumps'),
    MODELS_DIR: join(home, 'models'),
    DEMO_DIR: join(home, 'site'),
    AUTH: 'jwt',
    JWKS_URL: urlOf(keyServer),
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    NATS_URL: nats.url,
    PORT: String(server.port),
    PUBLIC_URL: server.origin,
  };
});

const doctor = async (changes: Record<string, string> = {}, inFile: string[] = []): Promise<string[]> => {
  const { findings } = await runChecks({ environment: { ...healthy, ...changes }, inFile, now: Date.now });
  return findings.map(({ level, subject, problem }) => `${level} ${subject}: ${problem}`);
};

test('finds nothing in a healthy set-up, and lists what it checked', async () => {
  const { code, printed } = await runCommandIn(doctorCommand, healthy);
  expect(printed).toBe(
    'checked: settings, folders, port, pages, weights, REDIS_URL, DATABASE_URL, NATS_URL, JWKS_URL, PUBLIC_URL, clocks\n' +
      'no problems found',
  );
  expect(code).toBe(0);
});

interface Plant {
  fault: string;
  /** Breaks the set-up. @returns changed settings */
  plant: () => Promise<Record<string, string>> | Record<string, string>;
  found: RegExp;
  mend?: () => Promise<void>;
}

const signIn = () => ({ AUTH: 'oidc', OIDC_ISSUER: urlOf(keyServer), OIDC_CLIENT_ID: 'invigil' });
const withoutRedisAndPostgres = { REDIS_URL: '', DATABASE_URL: '' };

const plants: Plant[] = [
  {
    fault: 'an invalid setting',
    plant: () => ({ MAX_CONNECTIONS: 'many' }),
    found: /error MAX_CONNECTIONS: is "many"/,
  },
  {
    fault: 'a misspelled setting',
    plant: () => ({ REDIS_ULR: 'redis://r' }),
    found: /warning REDIS_ULR: is not a setting/,
  },
  { fault: 'a missing secret', plant: () => ({ JWKS_URL: '' }), found: /error JWT_SECRET: is missing/ },
  {
    fault: 'a folder that is a file',
    plant: async () => {
      await writeFile(join(home, 'file'), '');
      return { DUMP_DIR: join(home, 'file') };
    },
    found: /error DUMP_DIR: is ".*file".*not a folder/,
  },
  {
    fault: 'damaged records',
    plant: async () => {
      await writeFile(join(home, 'data', 'records.db'), 'no database '.repeat(500));
      return withoutRedisAndPostgres;
    },
    found: /error DATA_DIR: .*records\.db is damaged/,
  },
  {
    fault: 'records that everybody can read',
    plant: async () => {
      const file = join(home, 'data', 'records.db');
      const database = new RecordsDatabase({ kind: 'sqlite', file });
      await database.check();
      await database.close();
      await chmod(file, 0o644);
      return withoutRedisAndPostgres;
    },
    found: /warning DATA_DIR: other users of this machine can read .*records\.db/,
  },
  {
    fault: 'a port that another program uses',
    plant: () => ({ PORT: String((keyServer.address() as AddressInfo).port), PUBLIC_URL: '' }),
    found: /error PORT: is "\d+", which another program uses/,
  },
  {
    fault: 'pages that were not built',
    plant: async () => {
      await rm(join(home, 'site', 'index.html'));
      return {};
    },
    found: /error DEMO_DIR: there are no pages/,
  },
  {
    fault: 'no weights',
    plant: () => ({ MODELS_DIR: join(home, 'none') }),
    found: /error MODELS_DIR: there are no weights/,
  },
  {
    fault: 'damaged weights',
    plant: async () => {
      await writeFile(join(home, 'models', 'face.bin'), 'wEights');
      return {};
    },
    found: /error MODELS_DIR: .*face\.bin is damaged/,
  },
  {
    fault: 'a Redis that does not run',
    plant: async () => ({ REDIS_URL: `redis://:secret@127.0.0.1:${await freePort()}` }),
    found: /error REDIS_URL: cannot use 127\.0\.0\.1:\d+: ECONNREFUSED/,
  },
  {
    fault: 'a Redis that evicts frames',
    plant: async () => {
      await command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      return {};
    },
    found: /error REDIS_URL: Redis deletes frames/,
    mend: () => command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction'),
  },
  {
    fault: 'a Redis without append-only file',
    plant: async () => {
      await command('CONFIG', 'SET', 'appendonly', 'no');
      return {};
    },
    found: /warning REDIS_URL: Redis loses running sessions’ frames/,
  },
  {
    fault: 'a Redis without the replicas that must have each frame',
    plant: () => ({ REDIS_WAIT_REPLICAS: '2' }),
    found: /error REDIS_WAIT_REPLICAS: is 2, but Redis has 0 connected replicas, so no frame on it is acknowledged/,
  },
  {
    fault: 'a database that does not exist',
    plant: () => ({ DATABASE_URL: postgres.url.replace(/postgres$/, 'none') }),
    found: /error DATABASE_URL: cannot use .*: 3D000/,
  },
  {
    fault: 'tables of a later version',
    plant: async () => {
      await query(`insert into kysely_migration values ('9999-later', '2026-01-05')`);
      return {};
    },
    found: /error DATABASE_URL: a later version of the server has changed the tables \(9999-later\)/,
    mend: () => query(`delete from kysely_migration where name = '9999-later'`),
  },
  {
    fault: 'a NATS that does not run',
    plant: async () => ({ NATS_URL: `nats://127.0.0.1:${await freePort()}` }),
    found: /error NATS_URL: cannot use/,
  },
  {
    fault: 'a key server without usable keys',
    plant: () => {
      keys.body = { keys: [{ kty: 'RSA', use: 'enc' }] };
      return {};
    },
    found: /error JWKS_URL: .* has no RSA or P-256 key for signatures/,
  },
  {
    fault: 'a key server at the wrong path',
    plant: () => {
      keys.status = 404;
      return {};
    },
    found: /error JWKS_URL: .* answers with status 404/,
  },
  {
    fault: 'an OpenID provider at the wrong address',
    plant: () => ({ ...signIn(), JWKS_URL: '' }),
    found: /error OIDC_ISSUER: .*openid-configuration is not a valid OpenID discovery document/,
  },
  {
    fault: 'an OpenID provider under another name',
    plant: () => {
      const endpoints = { authorization_endpoint: '', token_endpoint: '', jwks_uri: '' };
      keys.body = { issuer: 'https://id.example.edu', ...endpoints };
      return { ...signIn(), JWKS_URL: '' };
    },
    found: /error OIDC_ISSUER: the provider’s issuer is https:\/\/id\.example\.edu/,
  },
  {
    fault: 'a clock that is an hour wrong',
    plant: () => {
      keys.ageS = 3600;
      return {};
    },
    found: /error JWKS_URL: its clock is (3599|3600) s behind this machine’s/,
  },
  {
    fault: 'a public address that leads elsewhere',
    plant: () => ({ PUBLIC_URL: urlOf(keyServer) }),
    found: /error PUBLIC_URL: .*\/healthz does not reach this server/,
  },
  {
    fault: 'a public address that does not answer',
    plant: async () => ({ PUBLIC_URL: `http://127.0.0.1:${await freePort()}` }),
    found: /error PUBLIC_URL: cannot reach .*: ECONNREFUSED \(is the server running\?\)/,
  },
];

describe('names the fault, and nothing else:', () => {
  test.each(plants)('$fault', async ({ plant, found, mend }) => {
    try {
      const findings = await doctor(await plant());
      expect(findings).toEqual([expect.stringMatching(found)]);
      expect(findings.join()).not.toContain('secret@');
    } finally {
      await mend?.();
    }
  });
});

test('names what is wrong with a proxy: no WebSockets, untrusted, metrics for everybody', async () => {
  expect(await doctor({ PUBLIC_URL: proxy.url })).toEqual([
    expect.stringMatching(/^error PUBLIC_URL: WebSockets do not get through the proxy/),
    expect.stringMatching(/^warning TRUSTED_PROXIES: is not set/),
    'warning PUBLIC_URL: everybody can read /metrics',
  ]);
});

test('names every fault of several, and says what to do', async () => {
  await rm(join(home, 'site', 'index.html'));
  keys.status = 500;
  const { code, printed } = await runCommandIn(doctorCommand, { ...healthy, MODELS_DIR: join(home, 'none') });
  expect(code).toBe(1);
  expect(printed.match(/^error: .*\n {2}→ .+$/gm)).toHaveLength(3);
  const { printed: json } = await runCommandIn(doctorCommand, healthy, '--json');
  expect(JSON.parse(json).findings).toHaveLength(2);
});

test('lists names in .env that are no settings', async () => {
  expect(await doctor({}, ['REDIS_URL', 'COLOUR'])).toEqual(['warning COLOUR: is in .env but is not a setting']);
});

test('reports an unhealthy part of the running server', async () => {
  const unwell = createServer((_request, response) => response.end('{"parts":{"frames":"no answer in time"}}'));
  await new Promise<void>((resolve) => unwell.listen(0, '127.0.0.1', resolve));
  const { port } = unwell.address() as AddressInfo;
  const findings = await doctor({ PORT: String(port) });
  unwell.close();
  expect(findings).toContain('error frames: the running server reports: no answer in time');
});
