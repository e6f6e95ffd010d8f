/** Compares docs/reference/dependencies.md with the package.json files: every dependency has its reason there, exact and once a package. */
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const { workspaces } = JSON.parse(read('package.json'));

const declared = new Map();
const problems = [];
for (const folder of ['.', ...workspaces]) {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = JSON.parse(
    read(`${folder}/package.json`),
  );
  const all = { ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies };
  for (const [name, version] of Object.entries(all)) {
    if (name.startsWith('@invigil/')) continue;
    const section = folder === '.' ? 'Development' : `\`${folder}/\``;
    declared.set(`${section} ${name}`, `${folder}/package.json`);
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      problems.push(`${folder}/package.json: ${name} ${version} is not exact`);
  }
}

const listed = new Set();
let section = '';
for (const line of read('docs/reference/dependencies.md').split('\n')) {
  const heading = /^## (.*)$/.exec(line);
  if (heading !== null) section = /`[^`]+`/.exec(heading[1])?.[0] ?? heading[1];
  const row = /^\| `([^`]+)` \| (.*) \|$/.exec(line);
  if (row === null) continue;
  const [, name, reason] = row;
  if (reason.trim() === '') problems.push(`docs/reference/dependencies.md: ${name} has no reason`);
  listed.add(`${section} ${name}`);
}

for (const [key, file] of declared) {
  if (!listed.has(key)) problems.push(`docs/reference/dependencies.md: ${key} of ${file} is missing`);
}
for (const key of listed)
  if (!declared.has(key)) problems.push(`docs/reference/dependencies.md: ${key} is in no package.json`);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
