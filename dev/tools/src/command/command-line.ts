import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** A mistake of the user or the environment. Its message is enough: commands print it without a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** The command line was not understood. */
class UsageError extends CommandError {
  override name = 'UsageError';
}

/** A mistake in the command line: `message` first, then the usage. */
export const usageError = (message: string, usage: string): CommandError =>
  new UsageError(`${message}\n\n${usage.trimEnd()}`);

/** Options that the usage's first line or its list leaves out: what a reader cannot know of. */
const unlisted = (usage: string, options: readonly string[]): string[] => {
  const [synopsis = '', ...list] = usage.trim().split('\n\n');
  const isIn = (text: string, name: string): boolean => new RegExp(`--${name}(?![\\w-])`).test(text);
  return options.filter((name) => !isIn(synopsis, name) || !isIn(list.join('\n'), name));
};

/**
 * Reads the command line. `--help` prints the usage and exits with 0.
 * @throws {Error} on `--help` if the usage leaves out an option
 * @throws {CommandError} for an unknown option, a missing value or a positional argument beyond `maxPositionals`
 */
export const commandLine = <O extends Options>(
  usage: string,
  options: O,
  maxPositionals = 0,
): { values: Values<O>; positionals: string[] } => {
  const read = () => {
    try {
      return parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
    } catch (error) {
      // Node adds a second sentence about arguments that start with a dash.
      throw usageError((error as Error).message.split('. ')[0]!, usage);
    }
  };
  const { values, positionals } = read();
  if ((values as { help?: boolean }).help) {
    console.log(usage.trimEnd());
    const missing = unlisted(usage, Object.keys(options));
    if (missing.length > 0) throw new Error(`the usage does not list ${missing.join(', ')}`);
    process.exit(0);
  }
  const extra = positionals[maxPositionals];
  if (extra !== undefined) throw usageError(`Unexpected argument '${extra}'`, usage);
  return { values: values as unknown as Values<O>, positionals };
};

/** A path as the caller meant it: npm runs scripts in the repository's root and passes the caller's folder in INIT_CWD. */
export const callerPath = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

/**
 * Runs a command. An error's message goes to standard error, without its stack when it is a {@link CommandError}; the exit code is
 * then `usageExitCode` for a mistake in the command line, otherwise `failureExitCode`.
 */
export const runCommand = async (
  main: () => Promise<void>,
  { usageExitCode = 2, failureExitCode = 1 }: { usageExitCode?: number; failureExitCode?: number } = {},
): Promise<void> => {
  try {
    await main();
  } catch (error) {
    console.error(
      error instanceof CommandError || !(error instanceof Error) ? String((error as Error).message) : error,
    );
    process.exitCode = error instanceof UsageError ? usageExitCode : failureExitCode;
  }
};

/** A number option within limits. @throws {UsageError} naming the option, the value and the limits */
export const numberOption = (
  name: string,
  text: string,
  { min, max = Number.POSITIVE_INFINITY, integer = false }: { min: number; max?: number; integer?: boolean },
): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  const limits = max === Number.POSITIVE_INFINITY ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`--${name} ${text}: must be ${integer ? 'an integer' : 'a number'} ${limits}`);
};
