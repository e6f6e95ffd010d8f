import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { firstSentence } from '../command-line.ts';
import type { Environment } from '../config/read-environment.ts';
import { IngestError } from '../model/ingest-error.ts';

interface CommandContext {
  environment: Environment;
  /** Milliseconds since the Unix epoch. */
  now: () => number;
  /** The command's result, for people or for another program. */
  print: (line: string) => void;
  /** Notes for the operator; kept out of the result. */
  note: (line: string) => void;
}

/** One of the commands of `invigil`. */
export interface Command {
  usage: string;
  /** @returns the exit code. @throws {@link IngestError} `bad_config` with a message for the operator */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** Wrong arguments: the message and the command's usage. */
export const wrongArguments = (message: string, usage: string, cause?: unknown): IngestError =>
  new IngestError('bad_config', `${message}\n\n${usage}`, cause);

type Options = NonNullable<ParseArgsConfig['options']>;
type Arguments<Named extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Named; allowPositionals: true }>
>;

/** Parses the arguments. @throws IngestError `bad_config` with the usage for an unknown flag or a missing value */
export const readArguments = <const Named extends Options>(
  args: readonly string[],
  usage: string,
  options: Named,
): Arguments<Named> => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrongArguments(firstSentence(error as Error), usage, error);
  }
};
