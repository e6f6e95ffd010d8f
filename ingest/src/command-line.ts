import { parseArgs } from 'node:util';
import { IngestError } from './model/ingest-error.ts';

export const usage = `invigil [--check | --confirm-clock]

Starts the server. Settings are environment variables, or a file .env in the working directory; see
docs/reference/configuration.md.

  --check          checks the settings, folders and port without starting
  --confirm-clock  confirms that the clock is right, so that purging resumes (docs/operations/retention.md)
  --help           prints this text`;

type Command = 'start' | 'check' | 'confirm-clock' | 'help';

/** @throws {@link IngestError} `bad_config` with the usage if an argument is unknown */
export const readCommand = (args: readonly string[]): Command => {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: { check: flag, 'confirm-clock': flag, help: flag } });
    if (values.help) return 'help';
    if (values.check) return 'check';
    return values['confirm-clock'] ? 'confirm-clock' : 'start';
  } catch (error) {
    throw new IngestError('bad_config', `${(error as Error).message}\n\n${usage}`, error);
  }
};
