import { availableParallelism } from 'node:os';
import type { Config } from '../../config.ts';
import { loadConfig } from '../../config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { IngestError } from '../../model/ingest-error.ts';
import { checkPort, checkPublicUrl } from './address-checks.ts';
import { fault, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { checkFolders, checkPages, checkWeights } from './folder-checks.ts';
import { checkRedis } from './redis-checks.ts';
import { checkBucket, checkKeyServer, checkNats, checkPostgres } from './service-checks.ts';
import type { ServiceResult } from './service-checks.ts';
import { checkIssuer } from './sign-in-check.ts';
import { misspelledSettings } from './setting-names.ts';

export interface CheckResults {
  /** The checks that ran, in order. */
  checked: string[];
  findings: Finding[];
}

export interface CheckContext {
  environment: Environment;
  /** Variables that a `.env` file sets. */
  inFile: readonly string[];
  now: () => number;
}

/** Replicas and tokens tolerate ten seconds; from two on the server logs a warning. */
const skewWarningMs = 2000;
const skewErrorMs = 10_000;

/** Runs every check that applies to the settings. Creates missing folders and changes nothing else. */
export const runChecks = async ({ environment, inFile, now }: CheckContext): Promise<CheckResults> => {
  const findings = misspelledSettings(Object.keys(environment), inFile);
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    const invalid = error.message.split('\n').map((line) => {
      const [subject = ''] = line.split(' ', 1);
      return fault(subject, line.slice(subject.length + 1), 'correct it; the other checks need valid settings');
    });
    return { checked: ['settings'], findings: [...findings, ...invalid] };
  }
  const folders = checkFolders(config);
  const services = await checkServices(config, now);
  return {
    checked: ['settings', 'folders', 'port', 'pages', 'weights', ...services.checked, 'clocks'],
    findings: [
      ...findings,
      ...checkWorkers(config),
      ...folders,
      ...(await checkPort(config)),
      ...(await checkPages(config)),
      ...(await checkWeights(config)),
      ...services.findings,
    ],
  };
};

const checkWorkers = ({ workers }: Config): Finding[] => {
  const cores = availableParallelism();
  if (workers <= cores) return [];
  return [warning('WORKERS', `${workers} processes for ${cores} cores`, 'set WORKERS=auto')];
};

const checkServices = async (config: Config, now: () => number): Promise<CheckResults> => {
  const { redisUrl, redisWaitReplicas, databaseUrl, natsUrl, auth, frameArchiveBucket: bucket } = config;
  const keysUrl = auth.mode !== 'dev' && auth.userKeys?.kind === 'jwks' ? auth.userKeys.url : null;
  const checks: [string, Promise<ServiceResult>][] = [
    ...(redisUrl === null
      ? []
      : [['REDIS_URL', checkRedis(redisUrl, redisWaitReplicas, now)] as [string, Promise<ServiceResult>]]),
    ...(databaseUrl === null
      ? []
      : [['DATABASE_URL', checkPostgres(databaseUrl, now)] as [string, Promise<ServiceResult>]]),
    ...(natsUrl === null ? [] : [['NATS_URL', checkNats(natsUrl)] as [string, Promise<ServiceResult>]]),
    ...(bucket === null ? [] : [['FRAME_ARCHIVE_BUCKET', checkBucket(bucket)] as [string, Promise<ServiceResult>]]),
    ...(keysUrl === null ? [] : [['JWKS_URL', checkKeyServer(keysUrl, now)] as [string, Promise<ServiceResult>]]),
    ...(auth.mode === 'oidc'
      ? [['OIDC_ISSUER', checkIssuer(auth.signIn.issuer, now)] as [string, Promise<ServiceResult>]]
      : []),
    ['PUBLIC_URL', checkPublicUrl(config, now)],
  ];
  const results = await Promise.all(checks.map(async ([subject, check]) => ({ subject, ...(await check) })));
  return {
    checked: results.map(({ subject }) => subject),
    findings: results.flatMap(({ subject, findings, aheadMs }) => [...findings, ...clockFindings(subject, aheadMs)]),
  };
};

const clockFindings = (subject: string, aheadMs: number | null): Finding[] => {
  if (aheadMs === null || Math.abs(aheadMs) < skewWarningMs) return [];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const problem = `its clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine’s`;
  const make = Math.abs(aheadMs) >= skewErrorMs ? fault : warning;
  return [make(subject, problem, 'synchronise both clocks (NTP)')];
};
