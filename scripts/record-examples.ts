/** Records an example of every answer and message from a running server, for the API descriptions: `npm run record:examples`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const examplesFile = 'ingest/src/openapi/recorded-examples.ts';

const run = (program: string, words: readonly string[], variables: NodeJS.ProcessEnv = {}): void => {
  const { status } = spawnSync('npx', ['--no-install', program, ...words], {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
};

const folder = mkdtempSync(join(tmpdir(), 'invigil-examples-'));
try {
  run('vitest', ['run', '--project', 'ingest', 'described/every-'], { RECORD_EXAMPLES: folder });
  const examples = Object.assign(
    {},
    ...readdirSync(folder).map((name): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  ) as Record<string, unknown>;
  /** The test server's folders have random names. */
  const inUsualFolder = (text: string): string => text.replaceAll(/"\/[^"]*\/dumps\//g, '"/var/lib/invigil/dumps/');
  const sorted = Object.fromEntries(Object.entries(examples).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(
    join(root, examplesFile),
    `// Recorded from a running server by \`npm run record:examples\`. Do not edit.\n\nexport const recordedExamples: Readonly<Record<string, unknown>> = ${inUsualFolder(JSON.stringify(sorted, null, 2))};\n`,
  );
  run('oxfmt', [examplesFile]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
