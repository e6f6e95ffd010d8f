import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const rows = 25;

/** A short name for where a function is: the package, or the file of ours. */
const placeOf = (url) => {
  if (url === '') return '(engine)';
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? url.replace(/^.*\/(ingest|protocol)\/dist\//, '$1/').replace(/^file:.*\//, '');
};

const added = (map, key, value) => map.set(key, (map.get(key) ?? 0) + value);

/** Where the processor's time went, by function and by package, of the longest profile in the folder. */
export const profileText = async (folder) => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  const profiles = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
  const profile = profiles.toSorted((a, b) => b.endTime - b.startTime - (a.endTime - a.startTime))[0];
  if (profile === undefined) return `no profile in ${folder}`;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const functions = new Map();
  const places = new Map();
  let totalUs = 0;
  for (const [at, id] of profile.samples.entries()) {
    const { functionName, url } = nodes.get(id).callFrame;
    if (functionName === '(idle)') continue;
    const us = profile.timeDeltas[at];
    totalUs += us;
    const place = placeOf(url);
    added(functions, `${functionName || '(anonymous)'}  ${place}`, us);
    added(places, url === '' ? functionName : place, us);
  }
  const lines = (map) =>
    [...map]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, rows)
      .map(([name, us]) => `${((us / totalUs) * 100).toFixed(1).padStart(6)} %  ${name}`);
  return ['Own time by place:', ...lines(places), '', 'Own time by function:', ...lines(functions)].join('\n');
};
