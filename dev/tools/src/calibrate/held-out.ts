import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An image of the calibration, and the phones in it as shares of its sides; none for an image without a phone. */
export interface HeldOutImage {
  file: string;
  boxes: [left: number, top: number, right: number, bottom: number][];
}

/**
 * Groups that no model is trained on. Of the shared group, whose images are unrelated, every second original is held
 * out.
 */
const groups = new Set(['pp', 'phone_jpg', 'rahul']);
const sharedGroup = 'iewel';
/** Images that are labelled as having no phone but show one (found by eye among the highest scores). */
const mislabelled = new Set(['iewel-none-03027.jpg', 'rahul-rahul-02466.jpg', 'iewel-none-03241.jpg']);

/** The images of `labels.tsv` that thresholds may be chosen on, one for each original. The same split is in `models/train`. */
export const readHeldOut = async (folder: string): Promise<HeldOutImage[]> => {
  const [header = '', ...lines] = (await readFile(join(folder, 'labels.tsv'), 'utf8')).split(/\r?\n/u);
  const names = header.split('\t');
  const originals = new Set<string>();
  return lines.flatMap((line) => {
    if (line === '') return [];
    const cells = Object.fromEntries(line.split('\t').map((cell, i) => [names[i] ?? '', cell]));
    const { file = '', group = '', original = '', boxes = '' } = cells;
    if (!isHeldOut(group, original) || mislabelled.has(file) || originals.has(original)) return [];
    originals.add(original);
    return { file: `pictures/${file}`, boxes: boxesOf(boxes) };
  });
};

const isHeldOut = (group: string, original: string): boolean => {
  if (group !== sharedGroup) return groups.has(group);
  return Buffer.from(original).reduce((sum, byte) => sum + byte, 0) % 2 === 0;
};

const boxesOf = (text: string): HeldOutImage['boxes'] =>
  text
    .split(';')
    .map((box) => box.trim())
    .filter((box) => box !== '')
    .map((box) => box.split(/\s+/u).map(Number) as HeldOutImage['boxes'][number]);
