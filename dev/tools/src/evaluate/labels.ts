import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../command/command-line.ts';

/** The label of one image; null where it is not labelled. Sides are those of the image, not of the student. */
export interface Label {
  /** Path under the folder of the labels. */
  file: string;
  faces: number | null;
  persons: number | null;
  /** 1: a phone is visible. */
  phone: number | null;
  /** Share of the image. */
  phoneArea: number | null;
  hands: string | null;
  yawDeg: number | null;
  pitchDeg: number | null;
  rollDeg: number | null;
  head: string | null;
  gaze: string | null;
  slices: string[];
}

const toNumber = (text: string | undefined): number | null => (text === undefined || text === '' ? null : Number(text));
const toText = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

const labelOf = (cell: (name: string) => string | undefined): Label => ({
  file: cell('file') ?? '',
  faces: toNumber(cell('faces')),
  persons: toNumber(cell('persons')),
  phone: toNumber(cell('phone')),
  phoneArea: toNumber(cell('phone_area')),
  hands: toText(cell('hands')),
  yawDeg: toNumber(cell('yaw_deg')),
  pitchDeg: toNumber(cell('pitch_deg')),
  rollDeg: toNumber(cell('roll_deg')),
  head: toText(cell('head')),
  gaze: toText(cell('gaze')),
  slices: (cell('slice') ?? '').split(',').filter((slice) => slice !== ''),
});

/** Reads `labels.tsv` of a folder. An empty cell is null. */
export const readLabels = async (folder: string): Promise<Label[]> => {
  const path = join(folder, 'labels.tsv');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  });
  const [header = '', ...lines] = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
  const names = header.split('\t').map((name) => name.trim());
  if (!names.includes('file')) throw new CommandError(`${path} has no column "file"`);
  return lines.map((line) => {
    const cells = line.split('\t').map((cell) => cell.trim());
    return labelOf((name) => cells[names.indexOf(name)]);
  });
};
