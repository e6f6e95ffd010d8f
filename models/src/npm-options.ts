import { dirname, join } from 'node:path';

import Config from '@npmcli/config';
import npmDefinitions from '@npmcli/config/lib/definitions/index.js';

const idleTimeoutMs = 60_000;

/**
 * The options `npm` itself would use here (registry, scope registries, proxy, certificates, login), from the
 * environment and every .npmrc. pacote alone would ignore them.
 */
export const readNpmOptions = async (): Promise<Record<string, unknown>> => {
  const config = new Config({
    npmPath: npmFolder(),
    ...npmDefinitions,
    argv: [],
    warn: false,
  });
  await config.load();
  return {
    ...config.flat,
    // Three attempts within seconds: a person is waiting, and the next run resumes the download.
    retry: { retries: 2, factor: 2, minTimeout: 500, maxTimeout: 5_000 },
    timeout: idleTimeoutMs,
  };
};

/** Where npm keeps its built-in npmrc. */
const npmFolder = () => {
  const running = process.env['npm_execpath'];
  return running === undefined
    ? join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm')
    : dirname(dirname(running));
};
