import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { readArguments, wrongArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { runChecks } from './run-checks.ts';

const usage = `invigil doctor [--json]

Checks, with the settings of this environment and the file .env: values and names of settings, folders, databases,
permissions, disk space, port, pages, weights, Redis, Postgres, NATS, the bucket, the key server, clocks, and the way through the
proxies at PUBLIC_URL (start the server first). Prints each problem and what to do. The exit code is 1 if the server
would not work.

  --json   prints {checked, findings: [{level, subject, problem, action}]}`;

/** The variables that the file `.env` sets. */
const variablesInFile = (): string[] => (existsSync('.env') ? Object.keys(parseEnv(readFileSync('.env', 'utf8'))) : []);

export const doctorCommand: Command = {
  usage,
  async run(args, { environment, now, print }) {
    const { values, positionals } = readArguments(args, usage, { json: { type: 'boolean', default: false } });
    if (positionals[0] !== undefined) throw wrongArguments(`unexpected argument '${positionals[0]}'`, usage);
    const results = await runChecks({ environment, inFile: variablesInFile(), now });
    const { checked, findings } = results;
    if (values.json) print(JSON.stringify(results, null, 2));
    else {
      print(`checked: ${checked.join(', ')}`);
      for (const { level, subject, problem, action } of findings) {
        print(`${level}: ${subject}: ${problem}\n  → ${action}`);
      }
      if (findings.length === 0) print('no problems found');
    }
    return findings.some(({ level }) => level === 'error') ? 1 : 0;
  },
};
