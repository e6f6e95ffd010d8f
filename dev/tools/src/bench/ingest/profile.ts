import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { longestTurns } from './turns.ts';
import type { CpuProfile, ProfileNode } from './turns.ts';

const rows = 25;
const turnRows = 12;

/** A short name of a function's file: the package, or our own file. */
const placeOf = (url: string): string => {
  if (url === '') return '(engine)';
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  return inPackage ?? url.replace(/^.*\/(ingest|protocol)\/(?:dist|src)\//, '$1/').replace(/^file:.*\//, '');
};

const nameOf = ({ callFrame: { functionName, url } }: ProfileNode): string =>
  url === '' ? functionName : `${functionName || '(anonymous)'} ${placeOf(url)}`;

const addTo = (map: Map<string, number>, key: string, value: number): Map<string, number> =>
  map.set(key, (map.get(key) ?? 0) + value);

/** Where the processor's time went, by function and by package, for each profile in the folder. */
export const profileText = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).toSorted();
  if (names.length === 0) return `no profile in ${folder}`;
  const texts = names.map(async (name) => {
    const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile;
    return `${name}\n\n${textOf(profile)}`;
  });
  return (await Promise.all(texts)).join('\n');
};

const textOf = (profile: CpuProfile): string => {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const functions = new Map<string, number>();
  const places = new Map<string, number>();
  let totalUs = 0;
  for (const [at, id] of profile.samples.entries()) {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const { functionName, url } = frame;
    const us = profile.timeDeltas[at] ?? 0;
    totalUs += us;
    const place = placeOf(url);
    addTo(functions, `${functionName || '(anonymous)'}  ${place}`, us);
    addTo(places, url === '' ? functionName : place, us);
  }
  const lines = (map: ReadonlyMap<string, number>): string[] =>
    [...map]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, rows)
      .map(([name, us]) => `${((us / totalUs) * 100).toFixed(1).padStart(6)} %  ${name}`);
  const turns = longestTurns(profile, nameOf, turnRows).map(
    ({ ms, functions: inside }) =>
      `${ms.toFixed(1).padStart(7)} ms  ${inside.map(([name, each]) => `${name} ${each.toFixed(1)}`).join(', ')}`,
  );
  const sections = {
    'Own time by place:': lines(places),
    'Own time by function:': lines(functions),
    'Longest times without a pause, with the functions inside:': turns,
  };
  return Object.entries(sections)
    .flatMap(([title, rowsOfIt]) => [title, ...rowsOfIt, ''])
    .join('\n');
};
