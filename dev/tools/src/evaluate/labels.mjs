import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const toNumber = (text) => (text === undefined || text === '' ? null : Number(text));
const toText = (text) => (text === undefined || text === '' ? null : text);

/** Reads `labels.tsv`; an empty cell is null. Sides are the picture's own. */
export const readLabels = async (folder) => {
  const text = await readFile(join(folder, 'labels.tsv'), 'utf8');
  const [header, ...lines] = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
  const names = header.split('\t').map((name) => name.trim());
  if (!names.includes('file')) throw new Error(`${join(folder, 'labels.tsv')} has no column "file"`);
  return lines.map((line) => {
    const cells = Object.fromEntries(line.split('\t').map((cell, i) => [names[i], cell.trim()]));
    return {
      file: cells.file,
      faces: toNumber(cells.faces),
      persons: toNumber(cells.persons),
      phone: toNumber(cells.phone),
      phoneArea: toNumber(cells.phone_area),
      hands: toText(cells.hands),
      yawDeg: toNumber(cells.yaw_deg),
      pitchDeg: toNumber(cells.pitch_deg),
      rollDeg: toNumber(cells.roll_deg),
      head: toText(cells.head),
      gaze: toText(cells.gaze),
      slices: (cells.slice ?? '').split(',').filter((slice) => slice !== ''),
    };
  });
};
