import { parseArgs } from 'node:util';
import { IngestError } from './model/ingest-error.ts';

export const usage = `invigil [--check | --confirm-clock | --version]
invigil COMMAND [options]

Without a command: starts the server. Settings are environment variables, or a file .env in the working directory;
see docs/reference/configuration.md.

  --check          checks settings and their names, folders and port without starting
  --confirm-clock  confirms that the clock is right, so that purging resumes (docs/operations/retention.md)
  --version        prints the version
  --help           prints this text

Commands, each with --help:

  token            signs an access token for a user
  user             shows what the records hold about a user
  exam             imports the students of an exam from a CSV file
  lti              registers learning platforms
  doctor           checks settings, stores, clocks, proxies, pages and weights, and says what to do
  backup           writes records, frames and dumps to a folder
  restore          reads such a folder into an empty server`;

export const commandNames = ['token', 'user', 'exam', 'lti', 'doctor', 'backup', 'restore'] as const;
export type CommandName = (typeof commandNames)[number];

type StartCommand = 'start' | 'check' | 'confirm-clock' | 'version' | 'help';

/** The command that the first argument names; null for the options of the server itself. */
export const commandIn = ([first]: readonly string[]): CommandName | null =>
  commandNames.find((name) => name === first) ?? null;

/** Node’s messages continue with advice that does not apply to these commands. */
export const firstSentence = ({ message }: Error): string => message.split('. ', 1)[0] ?? message;

/** @throws {@link IngestError} `bad_config` with the usage if an argument is unknown */
export const readCommand = (args: readonly string[]): StartCommand => {
  const flag = { type: 'boolean', default: false } as const;
  const options = { check: flag, 'confirm-clock': flag, version: flag, help: flag };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals[0] !== undefined) throw new TypeError(`Unknown command '${positionals[0]}'`);
    if (values.help) return 'help';
    if (values.version) return 'version';
    if (values.check) return 'check';
    return values['confirm-clock'] ? 'confirm-clock' : 'start';
  } catch (error) {
    throw new IngestError('bad_config', `${firstSentence(error as Error)}\n\n${usage}`, error);
  }
};
