import { readFileSync } from 'node:fs';
import { CommandError } from '../command/command-line.ts';

/** Files and sockets besides those of the clients. */
const spare = 200;

/** @throws CommandError if this process, and so the server that it starts, may not have as many connections */
export const demandOpenFiles = (clients: number): void => {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  if (clients + spare <= limit) return;
  throw new CommandError(
    `${clients} clients need ${clients + spare} open files, but the limit is ${limit}: run "ulimit -n ${clients + spare}" first`,
  );
};
