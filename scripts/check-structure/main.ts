/** Prints where the repository departs from its structure. `--report` always exits with 0. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkStructure } from './structure.ts';

const usage = 'npm run check:structure -- [--report]';

const readMode = (): { isReport: boolean } => {
  try {
    const { values } = parseArgs({ options: { report: { type: 'boolean', default: false } } });
    return { isReport: values.report };
  } catch (error) {
    console.error(`${(error as Error).message.split('. ')[0]}\n\n${usage}`);
    process.exit(2);
  }
};

// `head` closes the pipe before everything is printed.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));

const { isReport } = readMode();
const { violations, files, functions, testRatios } = checkStructure(fileURLToPath(new URL('../..', import.meta.url)));
for (const [rule, found] of Object.entries(violations)) {
  console.log(`${rule}: ${found.length}`);
  for (const each of found) console.log(`  ${each}`);
}
console.log(`lines a file: median ${files.median}, p90 ${files.p90}`);
console.log(`lines a function: median ${functions.median}, p90 ${functions.p90}`);
const ratios = Object.entries(testRatios).map(([name, ratio]) => `${name} ${ratio}`);
console.log(`lines of tests a line of source: ${ratios.join(', ')}`);
if (!isReport && Object.values(violations).some(({ length }) => length > 0)) process.exitCode = 1;
