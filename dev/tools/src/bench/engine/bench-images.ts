import { spawnSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { composeImages } from '@invigil/testkit/images/compose-images';
import type { ImageSpec, Phone } from '@invigil/testkit/images/compose-images';
import { CommandError } from '../../command/command-line.ts';
import { frameRateHz } from './options.ts';
import type { BenchOptions } from './options.ts';

const phone = (area: number, x: number): Phone => ({ hand: 2, area, x, y: 0.62, turnRad: 0.15, mirrored: false });
const composed: readonly ImageSpec[] = [
  { name: 'no-phone.jpg', scene: 'plain', phone: null },
  { name: 'phone.jpg', scene: 'plain', phone: phone(0.07, 0.78) },
  { name: 'no-phone-again.jpg', scene: 'plain', phone: null },
  { name: 'small-phone.jpg', scene: 'plain', phone: phone(0.03, 0.8) },
];

export const calmImage = 'student.jpg';

/** Evenly spread over all names. */
const sample = (names: readonly string[], count: number): string[] =>
  names.length <= count
    ? [...names]
    : Array.from({ length: count }, (_, at) => names[Math.floor((at * names.length) / count)]!);

const imagesUnder = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.(jpe?g|png)$/i.test(name)).toSorted();
};

export interface BenchImages {
  /** To serve. */
  folder: string;
  names: string[];
  /** Frames of a video, one after the other, instead of stills that are each shown for a while. */
  areMoving: boolean;
}

/** To serve. @returns the folder of the image `calmImage`: a student without a phone. */
export const composeCalmImage = async (temporary: string): Promise<string> => {
  const folder = join(temporary, 'calm');
  await mkdir(folder);
  const [image] = await composeImages([{ name: calmImage, scene: 'plain', phone: null }]);
  await writeFile(join(folder, calmImage), image!.bytes);
  return folder;
};

/** Images of `data`, the frames of the first seconds of a video, or composed images. */
export const findImages = async (
  { data, pictures, seconds }: Pick<BenchOptions, 'data' | 'pictures' | 'seconds'>,
  temporary: string,
): Promise<BenchImages> => {
  if (data !== null && (await stat(data)).isDirectory()) {
    const names = await imagesUnder(data);
    if (names.length === 0) throw new CommandError(`${data} holds no images`);
    return { folder: data, names: sample(names, pictures), areMoving: false };
  }
  const folder = join(temporary, 'pictures');
  await mkdir(folder);
  if (data === null) {
    for (const { name, bytes } of await composeImages(composed)) await writeFile(join(folder, name), bytes);
  } else {
    const first = ['-t', String(seconds), '-i', data, '-vf', `fps=${frameRateHz}`, '-q:v', '3'];
    const { status, stderr } = spawnSync('ffmpeg', [...first, join(folder, '%04d.jpg')], { encoding: 'utf8' });
    if (status !== 0)
      throw new CommandError(`ffmpeg cannot read ${relative('.', data)}: ${stderr?.trim().split('\n').at(-1)}`);
  }
  const names = await imagesUnder(folder);
  return data === null
    ? { folder, names: sample(names, pictures), areMoving: false }
    : { folder, names, areMoving: true };
};
