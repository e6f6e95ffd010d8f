import { spawnSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { composeImages } from '@invigil/testkit/images/compose-images';

const phone = (area, x) => ({ hand: 2, area, x, y: 0.62, turnRad: 0.15, mirrored: false });
const composed = [
  { name: 'calm.jpg', scene: 'plain', phone: null },
  { name: 'phone.jpg', scene: 'plain', phone: phone(0.07, 0.78) },
  { name: 'calm-again.jpg', scene: 'plain', phone: null },
  { name: 'small-phone.jpg', scene: 'plain', phone: phone(0.03, 0.8) },
];

/** Evenly out of all, so that a few of many still show what all show. */
const some = (names, count) =>
  names.length <= count
    ? names
    : Array.from({ length: count }, (_, at) => names[Math.floor((at * names.length) / count)]);

const picturesUnder = async (folder) => {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.(jpe?g|png)$/i.test(name)).toSorted();
};

/** @returns the folder to serve and the names in it */
export const findPictures = async ({ data, pictures }, temporary) => {
  if (data !== null && (await stat(data)).isDirectory()) {
    const names = await picturesUnder(data);
    if (names.length === 0) throw new Error(`${data} holds no pictures`);
    return { folder: data, names: some(names, pictures) };
  }
  const folder = join(temporary, 'pictures');
  await mkdir(folder);
  if (data === null) {
    for (const { name, bytes } of await composeImages(composed)) await writeFile(join(folder, name), bytes);
  } else {
    const { status, stderr } = spawnSync('ffmpeg', ['-i', data, '-vf', 'fps=2', join(folder, '%04d.jpg')], {
      encoding: 'utf8',
    });
    if (status !== 0)
      throw new Error(`ffmpeg cannot read ${relative('.', data)}: ${stderr?.trim().split('\n').at(-1)}`);
  }
  return { folder, names: some(await picturesUnder(folder), pictures) };
};
