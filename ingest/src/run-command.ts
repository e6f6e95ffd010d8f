import type { CommandName } from './command-line.ts';
import type { Environment } from './config/read-environment.ts';
import { backupCommand } from './commands/backup/backup-command.ts';
import { restoreCommand } from './commands/backup/restore-command.ts';
import type { Command } from './commands/command.ts';
import { doctorCommand } from './commands/doctor/doctor-command.ts';
import { examCommand } from './commands/exam-command.ts';
import { ltiCommand } from './commands/lti-command.ts';
import { tokenCommand } from './commands/token-command.ts';
import { userCommand } from './commands/user-command.ts';

const commands: Record<CommandName, Command> = {
  token: tokenCommand,
  user: userCommand,
  exam: examCommand,
  lti: ltiCommand,
  doctor: doctorCommand,
  backup: backupCommand,
  restore: restoreCommand,
};

/** Runs one command with the arguments after its name. @returns the exit code. @throws IngestError for the operator */
export const runCommand = async (
  name: CommandName,
  args: readonly string[],
  environment: Environment,
): Promise<number> => {
  const command = commands[name];
  if (args.includes('--help')) {
    console.log(command.usage);
    return 0;
  }
  return await command.run(args, { environment, now: Date.now, print: console.log, note: console.error });
};
