import type { Command } from '../../src/commands/command.ts';

export interface CommandResult {
  code: number;
  printed: string;
  noted: string;
}

/** Runs a command in this process. Rejects with the error that the program would print. */
export const runCommandIn = async (
  command: Command,
  environment: Record<string, string>,
  ...args: string[]
): Promise<CommandResult> => {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await command.run(args, {
    environment,
    now: Date.now,
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
  });
  return { code, printed: printed.join('\n'), noted: noted.join('\n') };
};
