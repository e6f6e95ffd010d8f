import { parseArgs } from 'node:util';

/** A command's options. `--help` prints the usage and ends with 0; what is not understood is said with it and ends with 2. */
export const commandOptions = (usage, options) => {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
    if (!values.help) return values;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
};
