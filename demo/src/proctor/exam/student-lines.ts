import { isId } from '@invigil/protocol/frame';
import type { NewStudent } from '../../api/exam-api.ts';

export type StudentLines = { ok: true; students: NewStudent[] } | { ok: false; line: string };

/** The first column's name in lists that other programs export, in the languages of these pages. */
const headerName =
  /^(?:student[ _-]?)?(?:id|number|no\.?|nr\.?)$|^matrikel(?:nummer|nr\.?)?$|^n(?:ú|u)mero$|^nummer$/iu;
const quoted = /^"((?:[^"]|"")*)"[\s,;]*(.*)$/;
const plain = /^([^\s,;]+)[\s,;]*(.*)$/;

const isHeader = (line: string): boolean => {
  const [first = ''] = line.split(/[,;\t]/);
  return headerName.test(first.replaceAll('"', '').trim());
};

/** The first value of a line, without its quotes, and the rest of the line. */
const split = (line: string): readonly [value: string, rest: string] => {
  const [, inQuotes, afterQuotes = ''] = quoted.exec(line) ?? [];
  if (inQuotes !== undefined) return [inQuotes.replaceAll('""', '"').trim(), afterQuotes];
  const [, value = '', rest = ''] = plain.exec(line) ?? [];
  return [value, rest];
};

/** A quoted name ends at its closing quote, and further columns are ignored; any other name is the rest of the line. */
const nameOf = (rest: string): string => (rest.startsWith('"') ? split(rest)[0] : rest);

/**
 * Students as they are typed, pasted or exported as CSV, one per line: the number, then (after a comma, semicolon, tab
 * or space) the name. A first line with names of columns is skipped.
 */
export const readStudentLines = (text: string): StudentLines => {
  const students: NewStudent[] = [];
  const lines = text.split('\n').map((raw) => raw.trim());
  for (const [index, line] of lines.filter((each) => each !== '').entries()) {
    if (index === 0 && lines.length > 1 && isHeader(line)) continue;
    const [id, rest] = split(line);
    if (!isId(id)) return { ok: false, line };
    const name = nameOf(rest);
    students.push({ student_id: id, ...(name === '' ? {} : { student_name: name }) });
  }
  return { ok: true, students };
};
