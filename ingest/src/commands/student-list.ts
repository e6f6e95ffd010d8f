import { parse } from 'csv-parse/sync';
import { isId } from '@invigil/protocol/frame';

export interface ListedStudent {
  student_id: string;
  student_name?: string;
}

/** The students of a file, or every problem in it. Nothing is imported from a file with problems. */
export type StudentList =
  | { ok: true; students: ListedStudent[]; ignoredColumns: string[] }
  | { ok: false; problems: string[] };

const maxNameLength = 200;
const maxStudents = 50_000;

interface Row {
  record: Record<string, string>;
  info: { lines: number };
}

const failed = (...problems: string[]): StudentList => ({ ok: false, problems });

/**
 * Reads a CSV file with the columns `student_id` and, optionally, `student_name`. Commas, semicolons and tabs separate
 * columns; a byte order mark is allowed.
 */
export const readStudentList = (text: string): StudentList => {
  let columns: string[] = [];
  let rows: Row[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (header: string[]) => (columns = header.map((name) => name.trim().toLowerCase())),
      delimiter: delimiterOf(text),
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Row[];
  } catch (error) {
    return failed(`not a CSV file: ${(error as Error).message}`);
  }
  if (!columns.includes('student_id')) return failed('line 1: the column student_id is missing');
  const repeated = ['student_id', 'student_name'].find((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (repeated !== undefined) return failed(`line 1: there are several columns ${repeated}`);
  if (rows.length === 0) return failed('the file lists no students');
  if (rows.length > maxStudents) return failed(`the file lists ${rows.length} students; allowed: ${maxStudents}`);
  return studentsOf(rows, columns);
};

const studentsOf = (rows: readonly Row[], columns: readonly string[]): StudentList => {
  const students = new Map<string, ListedStudent & { line: number }>();
  const problems: string[] = [];
  for (const { record, info } of rows) {
    const { student_id: id = '', student_name: name = '' } = record;
    const line = info.lines;
    const earlier = students.get(id);
    if (!isId(id))
      problems.push(`line ${line}: student_id is ${JSON.stringify(id)}; allowed: letters, digits and _ - . ~ @`);
    else if (name.length > maxNameLength)
      problems.push(`line ${line}: student_name is longer than ${maxNameLength} characters`);
    else if (earlier !== undefined && (earlier.student_name ?? '') !== name)
      problems.push(`line ${line}: ${id} has another name in line ${earlier.line}`);
    else students.set(id, { student_id: id, line, ...(name === '' ? {} : { student_name: name }) });
  }
  if (problems.length > 0) return failed(...problems);
  return {
    ok: true,
    students: [...students.values()].map(({ line: _line, ...student }) => student),
    ignoredColumns: columns.filter((name) => name !== 'student_id' && name !== 'student_name'),
  };
};

/** The separator that the header uses; spreadsheets in some languages write semicolons. */
const delimiterOf = (text: string): string => {
  const [header = ''] = text.split(/\r?\n/, 1);
  return [';', '\t'].find((candidate) => header.includes(candidate)) ?? ',';
};
