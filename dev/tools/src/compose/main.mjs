/**
 * Makes a folder of labelled pictures for `npm run evaluate`: a candidate with a hand that holds a phone, in many sizes,
 * places, turns and lights, and the same scenes without one; or one to four faces. The same seed gives the same pictures.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import cliProgress from 'cli-progress';
import { commandLineOrExit } from '../command/command-line.ts';
import { composeImages, hands } from '@invigil/testkit/images/compose-images';
import { peopleFrom } from './people.mjs';

const usage = `npm run compose -- --out FOLDER [--count 320] [--people 0] [--seed 1]

  --out FOLDER  where the pictures and labels.tsv are written
  --count N     pictures of a candidate, five of six with a phone
  --people N    pictures of one to four faces besides: ordinary, small, dim, blurred, cut by the picture's edge
  --seed N      the same seed gives the same pictures
  --help        this text

Needs the pictures of Debian's python3-skimage and of the npm package html5-device-mockups.`;

/** Area of the phone as a share of the picture, from and to. */
const sizes = [
  [0.01, 0.015],
  [0.015, 0.03],
  [0.03, 0.06],
  [0.06, 0.1],
  [0.1, 0.15],
];
const screens = ['#0b0d12', '#20242e', '#8d93a0', '#dfe6f2', '#f7f7f7', null];

/** A small seeded generator (mulberry32). */
const randomFrom = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const between = (random, from, to) => from + (to - from) * random();

const sceneOf = (random) => ({
  mirrored: random() < 0.5,
  zoom: between(random, 1.3, 2.4),
  shiftX: between(random, -0.12, 0.12),
  shiftY: between(random, -0.08, 0.12),
  brightness: between(random, 0.45, 1.25),
  blurPx: random() < 0.25 ? between(random, 0.5, 1.4) : 0,
});

const phoneOf = (random, index) => {
  const hand = index % hands.length;
  const [from, to] = sizes[Math.floor(index / hands.length) % sizes.length];
  return {
    hand,
    area: between(random, from, to),
    x: between(random, 0.05, 0.95),
    y: between(random, 0.15, 0.95),
    turnRad: random() < 0.15 ? between(random, 1.2, 1.9) : between(random, -0.6, 0.6),
    mirrored: random() < 0.5,
    brightness: between(random, 0.7, 1.15),
    screen: screens[Math.floor(random() * screens.length)],
  };
};

/** Every sixth picture has no phone. */
const specsFrom = (random, count) =>
  Array.from({ length: count }, (_, i) => ({
    name: `composed-${String(i).padStart(4, '0')}.jpg`,
    scene: sceneOf(random),
    phone: i % 6 === 5 ? null : phoneOf(random, i - Math.floor(i / 6)),
  }));

const main = async () => {
  const values = commandLineOrExit(usage, {
    out: { type: 'string' },
    count: { type: 'string', default: '320' },
    people: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  });
  if (values.out === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const random = randomFrom(Number(values.seed));
  const specs = [...specsFrom(random, Number(values.count)), ...peopleFrom(random, Number(values.people))];
  const bar = new cliProgress.SingleBar({
    format: 'Composing {bar} {value}/{total}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  bar.start(specs.length, 0);
  const pictures = await composeImages(specs, () => bar.increment()).finally(() => bar.stop());
  await mkdir(values.out, { recursive: true });
  const lines = ['file\tfaces\tpersons\tphone\tphone_area'];
  for (const [i, { name, bytes, phoneArea }] of pictures.entries()) {
    await writeFile(join(values.out, name), bytes);
    const faces = specs[i].people?.length ?? null;
    lines.push(
      [name, faces ?? '', faces ?? 1, phoneArea > 0 ? 1 : 0, phoneArea > 0 ? phoneArea.toFixed(4) : ''].join('\t'),
    );
  }
  await writeFile(join(values.out, 'labels.tsv'), `${lines.join('\n')}\n`);
  return 0;
};

process.exitCode = await main();
