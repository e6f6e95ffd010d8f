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

/** Hertz of the times in `/proc/PID/stat`, the same on every Linux that Node supports. */
const ticksPerSecond = 100;

/** CPU time that a process has used, milliseconds. */
export const cpuMsOf = (pid: number): number => {
  // The name of the program, in parentheses, may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
};
