/** Prints what 1,000, 10,000 and 100,000 students need, by the measured costs of one. `--help` prints the options. */
import { fileURLToPath } from 'node:url';
import { commandLine, numberOption, runCommand } from '../command/command-line.ts';
import { writeBetween } from '../command/write-between.ts';
import { readCosts } from './costs.ts';
import { planFor } from './plan.ts';
import { planTable } from './plan-table.ts';

const usage = `npm run sizing -- [--students N,N,…] [--archive-bytes N] [--write]

Prints the machines, processes, memory, storage and network for numbers of students who take exams at the same time, by the costs of one student
in docs/measurements/student-costs.json (npm run bench:ingest -- --only workers --write).

  --students N,N,…    default 1000,10000,100000
  --archive-bytes N   bytes of the archive for each frame, from npm run bench:archive (default 61)
  --write             puts the table into docs/operations/sizing.md
  --help              this text`;

const page = fileURLToPath(new URL('../../../../docs/operations/sizing.md', import.meta.url));
const defaultStudents = '1000,10000,100000';
/** With frames of a real browser's session. */
const defaultArchiveBytes = '61';

await runCommand(async () => {
  const { values } = commandLine(usage, {
    students: { type: 'string' },
    'archive-bytes': { type: 'string' },
    write: { type: 'boolean' },
  });
  const limits = { min: 1, max: 10_000_000, integer: true };
  const students = (values.students ?? defaultStudents)
    .split(',')
    .map((text) => numberOption('students', text, limits));
  const archiveBytes = numberOption('archive-bytes', values['archive-bytes'] ?? defaultArchiveBytes, {
    min: 1,
    max: 10_000,
  });
  const costs = readCosts();
  const table = planTable(
    costs,
    students.map((count) => planFor(costs, count, archiveBytes)),
  );
  console.log(table);
  if (values.write) writeBetween(page, 'sizing', table);
});
