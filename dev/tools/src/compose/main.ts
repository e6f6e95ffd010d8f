/**
 * Makes a folder of labelled images for `npm run evaluate`: a candidate with a hand that holds a phone, in many sizes,
 * positions, rotations and kinds of light, and the same scenes without one; or one to four faces. The same seed gives
 * the same images.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import cliProgress from 'cli-progress';
import { composeImages, hands } from '@invigil/testkit/images/compose-images';
import type { ImageSpec, Phone, Scene } from '@invigil/testkit/images/compose-images';
import { callerPath, commandLine, numberOption, runCommand, usageError } from '../command/command-line.ts';
import { peopleFrom } from './people.ts';
import { between, randomFrom } from './random.ts';
import type { NextRandom } from './random.ts';

const usage = `npm run compose -- --out FOLDER [--count 320] [--people 0] [--seed 1]

  --out FOLDER  folder for the images and labels.tsv
  --count N     images of a candidate, five of six with a phone
  --people N    further images, of one to four faces: ordinary, small, dim, blurred, cut by the image's edge
  --seed N      the same seed gives the same images
  --help        this text

Needs the images of Debian's python3-skimage and of the npm package html5-device-mockups.`;

/** Area of the phone as a share of the image, from and to. */
const sizes: readonly (readonly [from: number, to: number])[] = [
  [0.01, 0.015],
  [0.015, 0.03],
  [0.03, 0.06],
  [0.06, 0.1],
  [0.1, 0.15],
];
const screens = ['#0b0d12', '#20242e', '#8d93a0', '#dfe6f2', '#f7f7f7', null];

const sceneOf = (random: NextRandom): Scene => ({
  mirrored: random() < 0.5,
  zoom: between(random, 1.3, 2.4),
  shiftX: between(random, -0.12, 0.12),
  shiftY: between(random, -0.08, 0.12),
  brightness: between(random, 0.45, 1.25),
  blurPx: random() < 0.25 ? between(random, 0.5, 1.4) : 0,
});

const phoneOf = (random: NextRandom, index: number): Phone => {
  const hand = index % hands.length;
  const [from, to] = sizes[Math.floor(index / hands.length) % sizes.length]!;
  return {
    hand,
    area: between(random, from, to),
    x: between(random, 0.05, 0.95),
    y: between(random, 0.15, 0.95),
    turnRad: random() < 0.15 ? between(random, 1.2, 1.9) : between(random, -0.6, 0.6),
    mirrored: random() < 0.5,
    brightness: between(random, 0.7, 1.15),
    screen: screens[Math.floor(random() * screens.length)] ?? null,
  };
};

/** Every sixth image has no phone. */
const specsFrom = (random: NextRandom, count: number): ImageSpec[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `composed-${String(i).padStart(4, '0')}.jpg`,
    scene: sceneOf(random),
    phone: i % 6 === 5 ? null : phoneOf(random, i - Math.floor(i / 6)),
  }));

const labelLine = (spec: ImageSpec, phoneArea: number): string => {
  const faces = spec.people?.length ?? null;
  const phone = phoneArea > 0 ? [1, phoneArea.toFixed(4)] : [0, ''];
  return [spec.name, faces ?? '', faces ?? 1, ...phone].join('\t');
};

const text = { type: 'string' } as const;
const wholeNumber = (name: string, value: string): number => numberOption(name, value, { min: 0, integer: true });

await runCommand(async () => {
  const { values } = commandLine(usage, { out: text, count: text, people: text, seed: text });
  if (values.out === undefined) throw usageError('--out is missing', usage);
  const out = callerPath(values.out);
  const random = randomFrom(wholeNumber('seed', values.seed ?? '1'));
  const specs = [
    ...specsFrom(random, wholeNumber('count', values.count ?? '320')),
    ...peopleFrom(random, wholeNumber('people', values.people ?? '0')),
  ];
  const bar = new cliProgress.SingleBar({
    format: 'Composing {bar} {value}/{total}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  bar.start(specs.length, 0);
  const images = await composeImages(specs, () => bar.increment()).finally(() => bar.stop());
  await mkdir(out, { recursive: true });
  for (const { name, bytes } of images) await writeFile(join(out, name), bytes);
  const lines = specs.map((spec, i) => labelLine(spec, images[i]?.phoneArea ?? 0));
  await writeFile(join(out, 'labels.tsv'), `${['file\tfaces\tpersons\tphone\tphone_area', ...lines].join('\n')}\n`);
});
