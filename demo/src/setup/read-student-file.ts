import { isId } from '@invigil/protocol/frame';
import Papa from 'papaparse';

/** At most this many students in a file, as the server accepts in one request. */
export const maxFileStudents = 2000;
const maxNameLength = 200;

type RowProblem = 'no_number' | 'bad_number' | 'repeated' | 'long_name' | 'quotes';

/** One row of the file. */
export interface StudentRow {
  /** Line on which the row starts, from 1. */
  line: number;
  studentId: string;
  /** Null: the file has no name. */
  name: string | null;
  /** Null: the row can be added. */
  problem: RowProblem | null;
}

type Columns = Readonly<{ id: number; names: readonly number[] }>;

/** Names of columns in files that other programs export, in the languages of these pages. */
const idColumn =
  /^(?:student|member|user|candidate)?[ _-]?(?:id|number|no\.?|nr\.?)$|^matrikel(?:nummer|nr\.?|[ _-]nr\.?)?$|^(?:nummer|n(?:ú|u)mero(?: de estudiante)?|matr(?:í|i)cula|c(?:ó|o)digo)$/iu;
const givenNameColumn = /^(?:first|given)[ _-]?names?$|^vornamen?$|^nombres?$/iu;
const familyNameColumn = /^(?:last|family|sur)[ _-]?names?$|^nachnamen?$|^familiennamen?$|^apellidos?$/iu;
const nameColumn = /^(?:(?:student|member|full)[ _-]?)?name$|^nombre (?:completo|y apellidos)$/iu;

/** Which columns hold number and name, by the first row; null if it is no header. */
const columnsOf = (header: readonly string[]): Columns | null => {
  const cells = header.map((cell) => cell.trim());
  const id = cells.findIndex((cell) => idColumn.test(cell));
  if (id < 0) return null;
  const full = cells.findIndex((cell) => nameColumn.test(cell));
  const parts = [givenNameColumn, familyNameColumn].map((pattern) => cells.findIndex((cell) => pattern.test(cell)));
  const names = full >= 0 ? [full] : parts.filter((index) => index >= 0);
  return { id, names: names.length > 0 || cells.length === 1 ? names : [id === 0 ? 1 : 0] };
};

const withoutHeader: Columns = { id: 0, names: [1] };

const problemOf = (studentId: string, name: string, known: ReadonlySet<string>): RowProblem | null => {
  if (studentId === '') return 'no_number';
  if (!isId(studentId)) return 'bad_number';
  if (known.has(studentId)) return 'repeated';
  return name.length > maxNameLength ? 'long_name' : null;
};

/** The first separator outside quotes. Papa Parse's own guess fails for short files. */
const delimiterOf = (text: string): string => /[,;\t|]/.exec(text.replaceAll(/"[^"]*"/g, ''))?.[0] ?? ',';

/** Rows with the line on which each starts; rows may span lines inside quotes. */
const rowsOf = (text: string): { line: number; cells: string[]; isBroken: boolean }[] => {
  const rows: { line: number; cells: string[]; isBroken: boolean }[] = [];
  let line = 1;
  let start = 0;
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step: ({ data, errors, meta }) => {
      rows.push({ line, cells: data, isBroken: errors.some(({ type }) => type === 'Quotes') });
      line += text.slice(start, meta.cursor).split(/\r\n|\n|\r/).length - 1;
      start = meta.cursor;
    },
  });
  return rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
};

/**
 * Students of a CSV file: commas, semicolons, tabs or bars, quotes as in RFC 4180, with or without a header row.
 *
 * @example
 * readStudentFile('Name;Matrikelnummer\n"Lovelace, Ada";s-1');
 * // [{ line: 2, studentId: 's-1', name: 'Lovelace, Ada', problem: null }]
 */
export const readStudentFile = (text: string): StudentRow[] => {
  const rows = rowsOf(text.replace(/^\uFEFF/, ''));
  const header = columnsOf(rows[0]?.cells ?? []);
  const { id, names } = header ?? withoutHeader;
  const known = new Set<string>();
  return rows.slice(header === null ? 0 : 1).map(({ line, cells, isBroken }) => {
    const studentId = (cells[id] ?? '').trim();
    const name = names
      .map((index) => (cells[index] ?? '').trim())
      .filter((part) => part !== '')
      .join(' ');
    const problem = isBroken ? 'quotes' : problemOf(studentId, name, known);
    known.add(studentId);
    return { line, studentId, name: name === '' ? null : name, problem };
  });
};

/** Spreadsheets write UTF-8, UTF-16 with a mark, or the code page of Western Windows. @returns null if it is no text */
export const decodeStudentFile = (bytes: Uint8Array): string | null => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8.
    return new TextDecoder('windows-1252').decode(bytes);
  }
};
