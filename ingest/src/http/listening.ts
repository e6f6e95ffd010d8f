import { createServer, isIPv6 } from 'node:net';
import type { Config } from '../config.ts';
import { IngestError } from '../model/ingest-error.ts';

const wildcards = new Set(['0.0.0.0', '::']);

/** The address to open in a browser on this machine. */
export const urlOf = (host: string, port: number): string => {
  const name = wildcards.has(host) ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}`;
};

/** Why the server cannot listen, and the setting responsible. */
export const cannotListen = (error: NodeJS.ErrnoException, { host, port }: Pick<Config, 'host' | 'port'>): Error => {
  switch (error.code) {
    case 'EADDRINUSE':
      return new IngestError(
        'bad_config',
        `PORT is "${port}", which another program uses on ${host}; stop that program, or set PORT to another (0 picks a free one)`,
        error,
      );
    case 'EACCES':
      return new IngestError('bad_config', `PORT is "${port}"; allowed: a port that this user may listen on`, error);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new IngestError(
        'bad_config',
        `HOST is "${host}"; allowed: an address or a name of this machine (${error.code})`,
        error,
      );
    default:
      return error;
  }
};

/** Listens on the port briefly; rejects as `listen` would. */
export const tryListening = (config: Pick<Config, 'host' | 'port'>): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(cannotListen(error, config)));
    server.listen(config.port, config.host, () => server.close(() => resolve()));
  });
