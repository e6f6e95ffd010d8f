import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TcpRelay } from '@invigil/testkit/network/tcp-relay';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { CheckedPostgresPool } from './postgres-pool.ts';

let postgres: PostgresService;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
}, 30_000);

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

afterAll(() => postgres?.remove());

/** A pool that reaches the real Postgres through a relay, with this many idle connections. */
const setUp = async (connections = 1) => {
  const url = new URL(postgres.url);
  const relay = await TcpRelay.start(Number(url.port));
  url.port = String(relay.port);
  const pool = new CheckedPostgresPool(url.href);
  closers.push(
    () => relay.close(),
    () => pool.end(),
  );
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
  const ask = async (text: string): Promise<unknown[]> => {
    const client = await pool.connect();
    try {
      return (await client.query(text, [])).rows;
    } finally {
      client.release();
    }
  };
  const backend = async (): Promise<unknown> => (await ask('select pg_backend_pid() as id'))[0];
  return { relay, ask, backend };
};

test('keeps a connection that answers, also after an error of the query itself', async () => {
  const { ask, backend } = await setUp();
  const first = await backend();
  await expect(ask('select no_such_column')).rejects.toThrow('no_such_column');
  expect(await backend()).toEqual(first);
});

test('replaces idle connections that lead nowhere, all of them together', async () => {
  const { relay, backend } = await setUp(3);
  const first = await backend();
  // Idle for long enough to be tested.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  relay.silence();
  // Without the test of idle connections, this query would fail after ten seconds.
  expect(await backend()).not.toEqual(first);
  // The other old connections are not tested one by one.
  expect(await Promise.all([backend(), backend(), backend()])).not.toContainEqual(first);
}, 20_000);

test('replaces a connection to a server that has become read-only', async () => {
  const { ask, backend } = await setUp();
  const first = await backend();
  await ask('set default_transaction_read_only = on');
  await expect(ask('create table written (id int)')).rejects.toThrow('read-only');
  expect(await backend()).not.toEqual(first);
  await ask('create table written (id int)');
  await ask('drop table written');
});
