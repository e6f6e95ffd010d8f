import { isId } from '@invigil/protocol/frame';
import { loadConfig } from '../config.ts';
import { UserRecords } from '../records/user-records.ts';
import { readArguments, wrongArguments } from './command.ts';
import type { Command } from './command.ts';
import { withRecords } from './open-database.ts';

const usage = `invigil user show ID

Prints, as JSON, the exams that a user teaches or is enrolled in, and the user's sessions. The exit code is 1 if the
records do not mention the user. Users are not created here: their tokens name them (invigil token).`;

export const userCommand: Command = {
  usage,
  async run(args, { environment, print }) {
    const { positionals } = readArguments(args, usage, {});
    const [action, userId, ...rest] = positionals;
    if (action !== 'show' || userId === undefined || rest.length > 0) throw wrongArguments('expected: show ID', usage);
    if (!isId(userId)) throw wrongArguments('ID must be an id: letters, digits and _ - . ~ @ only', usage);
    const summary = await withRecords(loadConfig(environment), (database) => new UserRecords(database).summary(userId));
    print(JSON.stringify(summary, null, 2));
    const { teaches, enrolled, sessions } = summary;
    return teaches.length + enrolled.length + sessions.length > 0 ? 0 : 1;
  },
};
