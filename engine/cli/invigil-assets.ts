#!/usr/bin/env node
/** Copies what an exam's site must host, with checksums, and prints the headers that the site must send. */
import { AssetsError } from './assets-error.ts';
import { checkFolder } from './check-folder.ts';
import { copyModules } from './copy-modules.ts';
import { copyWeights } from './copy-weights.ts';
import { hostingAdvice } from './hosting-advice.ts';
import { readArguments, usage } from './read-arguments.ts';
import { writeChecksums } from './checksums.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const main = async (): Promise<void> => {
  const given = readArguments(process.argv.slice(2));
  if (given === 'help') return console.log(usage);
  if (given.check) {
    const count = await checkFolder(given.folder);
    return console.log(`${given.folder}: ${count} files, all as their checksums say`);
  }
  const modules = await copyModules(given.folder);
  console.log(`${given.folder}: ${modules.files} files of the engine, ${megabytes(modules.bytes)}`);
  if (given.models !== null) {
    const weights = await copyWeights(given.models, given.folder, (name) => console.log(`  ${name}`));
    console.log(`${given.folder}/models: ${weights.files} files, ${megabytes(weights.bytes)}`);
  }
  console.log(`checksums: ${await writeChecksums(given.folder)}\n`);
  console.log(hostingAdvice(given));
};

try {
  await main();
} catch (error) {
  if (!(error instanceof AssetsError)) throw error;
  console.error(`invigil-assets: ${error.message}`);
  process.exitCode = error.isUsage ? 2 : 1;
}
