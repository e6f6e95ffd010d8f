import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const repository = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${repository}${path}`, 'utf8');
/** The first column of a reference page's table; tests compare both pages with the code. */
const namesIn = (page: string): Set<string> =>
  new Set([...read(`docs/reference/${page}.md`).matchAll(/^\| `([A-Za-z_]+)` \|/gm)].map(([, name = '']) => name));

const metricsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\binvigil_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''))),
];

test.each(['alerts.yaml', 'dashboard.json'])('%s names only metrics that the server has', (file) => {
  const used = metricsIn(read(`deploy/monitoring/${file}`));
  const known = namesIn('metrics');
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});

test('the dashboard loads as Grafana expects it: ids differ, every panel has a query and a place of its own', () => {
  const { panels } = JSON.parse(read('deploy/monitoring/dashboard.json')) as {
    panels: { id: number; targets: { expr: string }[]; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
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

/** `NAME=`, `NAME:` or `ENV NAME=` in capitals with an underscore: a setting of the server, unless it belongs to another program. */
const othersSettings = /^(NODE_ENV|POSTGRES_\w+|REDIS_PASSWORD|REDISCLI_AUTH|MAX_MESSAGE_BYTES)$/;
test.each(['docker/Dockerfile', 'docker/compose.yaml', 'kubernetes/invigil.yaml', 'systemd/invigil.service'])(
  '%s sets only settings that the server has',
  (file) => {
    const names = [...read(`deploy/${file}`).matchAll(/\b([A-Z]+_[A-Z_]+)(?=[:=])/g)].map(([, name = '']) => name);
    const known = namesIn('configuration');
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !known.has(name) && !othersSettings.test(name))).toEqual([]);
  },
);
