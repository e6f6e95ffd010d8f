import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Calls into the browser that can stay unanswered for ever. */
const bareCalls = {
  getUserMedia: 'await navigator.mediaDevices.getUserMedia({ video: true });',
  enumerateDevices: 'await navigator.mediaDevices.enumerateDevices();',
  permissions: "await navigator.permissions.query({ name: 'camera' as PermissionName });",
  persist: 'await navigator.storage.persist();',
  locks: "await navigator.locks.request('x', () => undefined);",
  caches: "await caches.open('x');",
  digest: "await crypto.subtle.digest('SHA-256', new Uint8Array());",
  createImageBitmap: 'await createImageBitmap(new ImageData(1, 1));',
  indexedDB: "indexedDB.open('x');",
  requestAdapter: 'await (navigator as never as { gpu: { requestAdapter(): Promise<void> } }).gpu.requestAdapter();',
};

const asModule = (line: string): string => ['export const planted = async () => {', `  ${line}`, '};', ''].join('\n');

/** Planted files, by path. */
const files: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(bareCalls).map(([name, line]) => [`engine/src/proctor/${name}.ts`, asModule(line)]),
  ),
  'engine/src/proctor/openDB.ts': `import { openDB } from 'idb';\n${asModule("await openDB('x');")}`,
  'engine/src/camera/user-media.ts': asModule(bareCalls.getUserMedia),
};

let folder: string;
let complaints: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-lint-'));
  await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const oxlint = join(root, 'node_modules/.bin/oxlint');
  const output = await promisify(execFile)(oxlint, ['--format', 'unix'], { cwd: folder }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
  complaints = output.split('\n').filter((line) => /no-restricted-(properties|globals|imports)/.test(line));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const isFound = (path: string): boolean => complaints.some((line) => line.includes(path));

test.each([...Object.keys(bareCalls), 'openDB'])('lint forbids a bare call of %s in the engine', (name) => {
  expect(isFound(`engine/src/proctor/${name}.ts`)).toBe(true);
});

test('lint allows it in the module that gives it a deadline', () => {
  expect(isFound('engine/src/camera/user-media.ts')).toBe(false);
});
