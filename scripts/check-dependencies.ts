/** Checks that docs/reference/dependencies.md gives a reason for each dependency, and that each version is exact; peers may be ranges. */
import { readFileSync } from 'node:fs';

type Versions = Record<string, string>;

interface PackageManifest {
  workspaces?: string[];
  dependencies?: Versions;
  devDependencies?: Versions;
  peerDependencies?: Versions;
  optionalDependencies?: Versions;
}

const root = new URL('..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const manifestOf = (folder: string): PackageManifest => JSON.parse(read(`${folder}/package.json`)) as PackageManifest;
const { workspaces = [] } = manifestOf('.');

const declared = new Map<string, string>();
const problems: string[] = [];
for (const folder of ['.', ...workspaces]) {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifestOf(folder);
  const all = { ...peerDependencies, ...dependencies, ...devDependencies, ...optionalDependencies };
  for (const [name, version] of Object.entries(all)) {
    if (name.startsWith('@invigil/')) continue;
    const section = folder === '.' ? 'Development' : `\`${folder}/\``;
    declared.set(`${section} ${name}`, `${folder}/package.json`);
    // An installed version satisfies a peer, so a page may have a newer one.
    if (peerDependencies?.[name] === version) continue;
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      problems.push(`${folder}/package.json: ${name} ${version} is not exact`);
  }
}

const listed = new Set<string>();
let listedSection = '';
for (const line of read('docs/reference/dependencies.md').split('\n')) {
  const heading = /^## (.*)$/.exec(line);
  const title = heading?.[1];
  if (title !== undefined) listedSection = /`[^`]+`/.exec(title)?.[0] ?? title;
  const row = /^\| `([^`]+)` \| (.*) \|$/.exec(line);
  if (row === null) continue;
  const [, name = '', reason = ''] = row;
  if (reason.trim() === '') problems.push(`docs/reference/dependencies.md: ${name} has no reason`);
  listed.add(`${listedSection} ${name}`);
}

for (const [key, file] of declared) {
  if (!listed.has(key)) problems.push(`docs/reference/dependencies.md: ${key} of ${file} is missing`);
}
for (const key of listed)
  if (!declared.has(key)) problems.push(`docs/reference/dependencies.md: ${key} is in no package.json`);

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
