import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';

interface Panel {
  id: number;
  targets: { expr: string }[];
  gridPos: { x: number; y: number; w: number; h: number };
}

const repository = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${repository}${path}`, 'utf8');
/** The first column of a reference page's table; tests compare both pages with the code. */
const namesIn = (page: string): Set<string> =>
  new Set([...read(`docs/reference/${page}.md`).matchAll(/^\| `([A-Za-z_]+)` \|/gm)].map(([, name = '']) => name));

/** Runs Prometheus' own checker in a folder. */
const promtool = (cwd: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

test('Prometheus loads its configuration with every alerting rule', () => {
  const monitoring = `${repository}deploy/monitoring`;
  const rules = read('deploy/monitoring/alerts.yaml').match(/- alert:/g)?.length ?? 0;
  expect(rules).toBeGreaterThan(5);
  expect(promtool(monitoring, 'check', 'rules', 'alerts.yaml')).toEqual({
    status: 0,
    output: expect.stringContaining(`SUCCESS: ${rules} rules found`),
  });
  expect(promtool(monitoring, 'check', 'config', 'prometheus.yaml')).toMatchObject({ status: 0 });
});

test('Prometheus understands every query of the dashboard', async () => {
  const { panels } = JSON.parse(read('deploy/monitoring/dashboard.json')) as { panels: Panel[] };
  // Grafana fills these in.
  const queries = panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*')),
  );
  const rules = queries.map((expr, at) => ({ record: `panel:query_${at}`, expr }));
  const folder = await mkdtemp(join(tmpdir(), 'invigil-queries-'));
  await writeFile(join(folder, 'queries.yaml'), stringify({ groups: [{ name: 'dashboard', rules }] }));
  const checked = promtool(folder, 'check', 'rules', 'queries.yaml');
  await rm(folder, { recursive: true });
  expect(checked).toEqual({ status: 0, output: expect.stringContaining(`${queries.length} rules found`) });
});

test('an alert fires when its condition has lasted, and not before', () => {
  expect(promtool(`${repository}scripts`, 'test', 'rules', 'alerts-test.yaml')).toMatchObject({ status: 0 });
});

test('the dashboard loads as Grafana expects it: ids differ, every panel has a query and a place of its own', () => {
  const { panels } = JSON.parse(read('deploy/monitoring/dashboard.json')) as { panels: Panel[] };
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
  const overlapping = panels.flatMap((first, at) =>
    panels.slice(at + 1).filter(({ gridPos: second }) => {
      const { x, y, w, h } = first.gridPos;
      return x < second.x + second.w && second.x < x + w && y < second.y + second.h && second.y < y + h;
    }),
  );
  expect(overlapping).toEqual([]);
});

const yamlFiles = readdirSync(`${repository}deploy`, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);
test.each(yamlFiles)('%s is valid YAML without repeated keys', (file) => {
  const documents = parseAllDocuments(read(`deploy/${file}`), { uniqueKeys: true });
  expect([...documents].flatMap(({ errors }) => errors)).toEqual([]);
});

test.each(['docker/Dockerfile', 'kubernetes/invigil.yaml', 'proxies/Caddyfile', 'proxies/nginx.conf'])(
  '%s asks only for paths that the server describes',
  (file) => {
    const text = read(`deploy/${file}`);
    const paths = [...text.matchAll(/(?:path: |health_uri |location = |127\.0\.0\.1:8000)(\/[\w/]+)/g)].map(
      ([, path = '']) => path,
    );
    const described = new Set(
      [...read('docs/reference/api/http.md').matchAll(/`[A-Z]+ (\/[^\s`]*)`/g)].map(([, path = '']) => path),
    );
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !described.has(path))).toEqual([]);
  },
);

/** `NAME=`, `NAME:` or `ENV NAME=` in capitals with an underscore: a setting of the server, unless it belongs to another program. */
const othersSettings = /^(NODE_ENV|POSTGRES_\w+|REDIS_PASSWORD|REDISCLI_AUTH|MAX_MESSAGE_BYTES)$/;
const withSettings = ['docker/Dockerfile', 'docker/compose.yaml', 'kubernetes/invigil.yaml', 'systemd/invigil.service'];
test.each([...withSettings, 'systemd/invigil'])('%s sets only settings that the server has', (file) => {
  const names = [...read(`deploy/${file}`).matchAll(/\b([A-Z]+_[A-Z_]+)(?=[:=])/g)].map(([, name = '']) => name);
  const known = namesIn('configuration');
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((name) => !known.has(name) && !othersSettings.test(name))).toEqual([]);
});

test('commands beside the systemd unit have its user, settings and folders', () => {
  const unit = read('deploy/systemd/invigil.service');
  const command = read('deploy/systemd/invigil');
  const properties = [...command.matchAll(/--property=(\w+)=(?:'([^']*)'|(\S+))/g)].map(
    ([, name, quoted, plain]) => `${name}=${quoted ?? plain}`,
  );
  // systemd names the unit's user after the unit.
  expect(properties.filter((property) => !unit.includes(`\n${property}\n`))).toEqual(['User=invigil']);
  expect(properties.map((property) => property.split('=')[0])).toEqual(
    expect.arrayContaining([
      'DynamicUser',
      'StateDirectory',
      'WorkingDirectory',
      'Environment',
      'EnvironmentFile',
      'UMask',
    ]),
  );
  const [program] = /\/usr\/bin\/node \S+/.exec(command) ?? [];
  expect(unit).toContain(`ExecStartPre=${program} --check`);
});
