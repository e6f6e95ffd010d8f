import { readFile, readdir } from 'node:fs/promises';

/** Clock ticks of Linux per second (`getconf CLK_TCK`), the same on every architecture that Node supports. */
const ticksPerSecond = 100;

interface ProcessTimes {
  pid: number;
  parent: number;
  name: string;
  cpuMs: number;
}

/** `pid (name) state ppid … utime stime cutime cstime …`, see proc(5); a name can contain spaces and parentheses. */
const timesOf = (text: string): ProcessTimes => {
  const [from, to] = [text.indexOf('('), text.lastIndexOf(')')];
  const fields = text.slice(to + 2).split(' ');
  // Its own, and those of children that have ended, such as a closed connection of Postgres.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    pid: Number(text.slice(0, from)),
    parent: Number(fields[1]),
    name: text.slice(from + 1, to),
    cpuMs: (ticks * 1000) / ticksPerSecond,
  };
};

const allProcesses = async (): Promise<ProcessTimes[]> => {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => null)));
  return texts.filter((text) => text !== null).map(timesOf);
};

/**
 * CPU milliseconds that a process and its descendants have used so far. Leaves out descendants that ended without being waited for. Linux only.
 *
 * @param isCounted by the name of the program; default: all
 */
export const treeCpuMs = async (root: number, isCounted: (name: string) => boolean = () => true): Promise<number> => {
  const processes = await allProcesses();
  const members = new Set([root]);
  // A parent can have a higher number than its child, so this repeats until nothing is added.
  for (let before = 0; before !== members.size;) {
    before = members.size;
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid);
  }
  return processes
    .filter(({ pid, name }) => members.has(pid) && isCounted(name))
    .reduce((sum, { cpuMs }) => sum + cpuMs, 0);
};
