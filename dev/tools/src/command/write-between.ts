import { readFileSync, writeFileSync } from 'node:fs';

/** Puts `text` between `<!-- name:start -->` and `<!-- name:end -->` of a document. */
export const writeBetween = (file: string, name: string, text: string): void => {
  const document = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no markers ${start} and ${end}`);
  writeFileSync(file, `${document.slice(0, from + start.length)}\n\n${text.trim()}\n\n${document.slice(to)}`);
};
