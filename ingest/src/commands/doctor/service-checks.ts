import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import * as v from 'valibot';
import { BucketArchive } from '../../archive/bucket-archive.ts';
import { BucketClient, bucketUrl } from '../../archive/bucket-client.ts';
import type { BucketConfig } from '../../archive/bucket-client.ts';
import { migrationNames } from '../../records/migrations.ts';
import { fault, reasonOf } from './finding.ts';
import type { Finding } from './finding.ts';

export const deadlineMs = 3000;

/** A service's findings, and how far its clock is ahead of ours; null if it did not report its time. */
export interface ServiceResult {
  findings: Finding[];
  aheadMs: number | null;
}

export const unreachable = (
  subject: string,
  url: string,
  error: unknown,
  action = 'start the service, or correct the address, user and password',
): ServiceResult => ({
  findings: [fault(subject, `cannot use ${new URL(url).host}: ${reasonOf(error)}`, action)],
  aheadMs: null,
});

/** Checks that Postgres is reachable, uses UTF-8, and has not been migrated by a later version. */
export const checkPostgres = async (url: string, now: () => number): Promise<ServiceResult> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: deadlineMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const fromMs = now();
    const { rows } = await client.query<{ now: Date; encoding: string; has_tables: boolean }>(
      `select clock_timestamp() as now, current_setting('server_encoding') as encoding,
        to_regclass('kysely_migration') is not null as has_tables`,
    );
    const toMs = now();
    const [row] = rows;
    const findings: Finding[] = [];
    if (row?.encoding !== 'UTF8') {
      findings.push(
        fault('DATABASE_URL', `the database’s encoding is ${row?.encoding}`, 'create it with encoding UTF8'),
      );
    }
    if (row?.has_tables === true) {
      const migrations = await client.query<{ name: string }>('select name from kysely_migration');
      const later = migrations.rows.map(({ name }) => name).filter((name) => !migrationNames.includes(name));
      if (later.length > 0) {
        const problem = `a later version of the server has changed the tables (${later.join(', ')})`;
        findings.push(fault('DATABASE_URL', problem, 'start that version or a later one; there are no downgrades'));
      }
    }
    const statedMs = row?.now.getTime();
    return { findings, aheadMs: statedMs === undefined ? null : aheadMsOf(statedMs, statedMs, { fromMs, toMs }) };
  } catch (error) {
    return unreachable('DATABASE_URL', url, error);
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const checkNats = async (url: string): Promise<ServiceResult> => {
  try {
    const connection = await connect({ servers: url, timeout: deadlineMs, reconnect: false });
    await connection.close();
    return { findings: [], aheadMs: null };
  } catch (error) {
    return unreachable('NATS_URL', url, error);
  }
};

const correctBucket = 'create the bucket, or correct its name, address, region, key and permissions';

/** Checks that the bucket stores, lists and returns an object, never replaces it, and removes it again. */
export const checkBucket = async (bucket: BucketConfig): Promise<ServiceResult> => {
  try {
    await new BucketArchive(new BucketClient(bucket, deadlineMs), bucket.prefix).check();
    return { findings: [], aheadMs: null };
  } catch (error) {
    return unreachable('FRAME_ARCHIVE_BUCKET', bucketUrl(bucket), error, correctBucket);
  }
};

const JwksSchema = v.object({
  keys: v.array(v.object({ kty: v.string(), use: v.optional(v.string()), crv: v.optional(v.string()) })),
});

/** Checks that the identity provider publishes a key that can verify user tokens. */
export const checkKeyServer = async (url: string, now: () => number): Promise<ServiceResult> => {
  try {
    const fromMs = now();
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) });
    const aheadMs = aheadOf(response.headers.get('date'), { fromMs, toMs: now() });
    const body: unknown = response.ok ? await response.json() : null;
    const jwks = v.safeParse(JwksSchema, body);
    const isUsable = ({ kty, use = 'sig', crv }: { kty: string; use?: string | undefined; crv?: string | undefined }) =>
      use === 'sig' && (kty === 'RSA' || (kty === 'EC' && crv === 'P-256'));
    if (jwks.success && jwks.output.keys.some(isUsable)) return { findings: [], aheadMs };
    const problem = response.ok
      ? `${url} has no RSA or P-256 key for signatures`
      : `${url} answers with status ${response.status}`;
    return { findings: [fault('JWKS_URL', problem, 'use the jwks_uri of your identity provider')], aheadMs };
  } catch (error) {
    return unreachable('JWKS_URL', url, error);
  }
};

/** Times of a question and of its answer, milliseconds since the Unix epoch, by this machine's clock. */
export interface AskedWhile {
  fromMs: number;
  toMs: number;
}

/** How far a clock is certainly ahead of this machine's: it showed `earliestMs` to `latestMs` at some time between question and answer. */
export const aheadMsOf = (earliestMs: number, latestMs: number, { fromMs, toMs }: AskedWhile): number =>
  latestMs < fromMs ? latestMs - fromMs : Math.max(0, earliestMs - toMs);

/** The same from an HTTP date, which states whole seconds; null without a date. */
export const aheadOf = (date: string | null, asked: AskedWhile): number | null => {
  const statedMs = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(statedMs) ? null : aheadMsOf(statedMs, statedMs + 999, asked);
};
