import { readFile } from 'node:fs/promises';
import { isId } from '@invigil/protocol/frame';
import { loadConfig } from '../config.ts';
import { isOver } from '../model/exam-status.ts';
import { IngestError } from '../model/ingest-error.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { isoTime } from '../time/iso-time.ts';
import { readArguments, wrongArguments } from './command.ts';
import type { Command } from './command.ts';
import { withRecords } from './open-database.ts';
import { readStudentList } from './student-list.ts';
import type { ListedStudent } from './student-list.ts';

const usage = `invigil exam import FILE.csv --exam ID

Enrols the students of a CSV file in an existing exam. The file has a header with the columns student_id and, if wanted,
student_name; other columns are ignored. Repeating the import changes nothing, except names that differ. If a line is
invalid, every invalid line is printed and nobody is enrolled.

  --exam ID   the exam`;

const shownProblems = 50;
const chunkSize = 500;

const readText = async (path: string): Promise<string> => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const reason = error instanceof TypeError ? 'it is not UTF-8 text' : ((error as NodeJS.ErrnoException).code ?? '');
    throw new IngestError('bad_config', `cannot read ${path}: ${reason}`, error);
  }
};

const studentsIn = (path: string, text: string, note: (line: string) => void): ListedStudent[] => {
  const list = readStudentList(text);
  if (list.ok) {
    if (list.ignoredColumns.length > 0) note(`ignored columns: ${list.ignoredColumns.join(', ')}`);
    return list.students;
  }
  const { problems } = list;
  const more = problems.length > shownProblems ? [`and ${problems.length - shownProblems} more`] : [];
  const lines = [...problems.slice(0, shownProblems), ...more].map((line) => `  ${line}`);
  throw new IngestError('bad_config', [`nobody was enrolled; ${path} has problems:`, ...lines].join('\n'));
};

/** @returns how many of them were not enrolled before */
const enrol = async (
  database: RecordsDatabase,
  examId: string,
  listed: readonly ListedStudent[],
  at: string,
): Promise<number> => {
  const exam = await new ExamRecords(database).find(examId);
  if (exam === null) throw new IngestError('bad_config', `there is no exam ${examId}`);
  if (isOver(exam.status)) throw new IngestError('bad_config', `cannot enrol students: the exam is ${exam.status}`);
  const records = new ExamStudentRecords(database);
  const known = new Set((await records.list(examId)).map(({ studentId }) => studentId));
  const students = listed.map(({ student_id: id, student_name: name }) => ({ id, name: name ?? null }));
  for (let from = 0; from < students.length; from += chunkSize) {
    await records.enrol(examId, students.slice(from, from + chunkSize), at);
  }
  return students.filter(({ id }) => !known.has(id)).length;
};

export const examCommand: Command = {
  usage,
  async run(args, { environment, now, print, note }) {
    const { values, positionals } = readArguments(args, usage, { exam: { type: 'string' } });
    const [action, path, ...rest] = positionals;
    if (action !== 'import' || path === undefined || rest.length > 0) {
      throw wrongArguments('expected: import FILE.csv --exam ID', usage);
    }
    const { exam: examId } = values;
    if (!isId(examId)) throw wrongArguments('--exam must be the id of an exam', usage);
    const students = studentsIn(path, await readText(path), note);
    const added = await withRecords(loadConfig(environment), (database) =>
      enrol(database, examId, students, isoTime(now())),
    );
    print(`students in the file: ${students.length}; newly enrolled in ${examId}: ${added}`);
    return 0;
  },
};
