import { parseArgs } from 'node:util';
import { AssetsError } from './assets-error.ts';

export const usage = `Usage: invigil-assets FOLDER [--server URL] [--models URL|FOLDER] [--check]

Copies the engine's modules, worker and WebAssembly into FOLDER, writes FOLDER/checksums.sha256 and prints the
Content-Security-Policy and the cache headers that the exam's site must send.

  --server URL          origin of the proctoring server, for the printed policy
  --models URL|FOLDER   also copies the model weights into FOLDER/models, for example from https://proctor.example.edu/models/;
                        without it, pages load them from the proctoring server
  --check               copies nothing; compares FOLDER with its checksums
  --help                prints this text`;

export interface AssetsArguments {
  folder: string;
  /** Origin without a slash at the end. */
  server: string | null;
  models: string | null;
  check: boolean;
}

const parse = (args: string[]) => {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        models: { type: 'string' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new AssetsError(`${(error as Error).message.split('. ')[0]}\n\n${usage}`, { isUsage: true });
  }
};

const originOf = (server: string): string => {
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/') {
    throw new AssetsError(`--server must be an origin such as https://proctor.example.edu, not ${server}`, {
      isUsage: true,
    });
  }
  return url.origin;
};

/** @throws AssetsError with `isUsage` for an unknown option, a missing folder or an invalid address */
export const readArguments = (args: string[]): AssetsArguments | 'help' => {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [folder, ...others] = positionals;
  if (folder === undefined) throw new AssetsError(`a folder is missing\n\n${usage}`, { isUsage: true });
  if (others.length > 0) throw new AssetsError(`one folder only, not also ${others.join(' ')}`, { isUsage: true });
  return {
    folder,
    server: values.server === undefined ? null : originOf(values.server),
    models: values.models ?? null,
    check: values.check,
  };
};
