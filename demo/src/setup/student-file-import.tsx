import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { Problem } from '../api/answer.ts';
import { enrol } from '../api/exam-api.ts';
import type { ExamStudent, NewStudent } from '../api/exam-api.ts';
import { NewestRequest } from '../page/newest-request.ts';
import { Notice } from '../page/notice.tsx';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { decodeStudentFile, maxFileStudents, readStudentFile } from './read-student-file.ts';
import type { StudentRow } from './read-student-file.ts';
import { setupTexts } from './setup-texts.ts';

const texts = setupTexts.file;

type Import =
  | { state: 'idle' }
  | { state: 'unusable'; why: string }
  | { state: 'preview'; name: string; rows: readonly StudentRow[] }
  | { state: 'added'; count: number };

const readFile = async (file: File): Promise<Import> => {
  const text = decodeStudentFile(new Uint8Array(await file.arrayBuffer()));
  if (text === null) return { state: 'unusable', why: texts.unreadable };
  const rows = readStudentFile(text);
  if (rows.length === 0) return { state: 'unusable', why: texts.empty };
  if (rows.length > maxFileStudents) return { state: 'unusable', why: texts.tooMany(maxFileStudents) };
  return { state: 'preview', name: file.name, rows };
};

const outcomeOf = ({ studentId, name, problem }: StudentRow, names: ReadonlyMap<string, string>): string => {
  if (problem !== null) return texts.problems[problem];
  const known = names.get(studentId);
  if (known === undefined) return texts.isNew;
  return name === null || name === known ? texts.same : texts.renamed(known);
};

interface PreviewProps {
  name: string;
  rows: readonly StudentRow[];
  students: readonly ExamStudent[];
}

const Preview = ({ name, rows, students }: PreviewProps) => {
  const names = new Map(students.map((student) => [student.student_id, student.student_name]));
  return (
    <div class="table preview-table" role="region" aria-label={texts.preview(name)} tabIndex={0}>
      <table>
        <caption>{texts.preview(name)}</caption>
        <thead>
          <tr>
            {[texts.line, setupTexts.roster.number, setupTexts.roster.student, texts.outcome].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line} class={row.problem === null ? undefined : 'wrong'}>
              <td class="number">{row.line}</td>
              <td translate={false}>{row.studentId}</td>
              <td translate={false}>{row.name}</td>
              <td>{outcomeOf(row, names)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const newStudentOf = ({ studentId, name }: StudentRow): NewStudent => ({
  student_id: studentId,
  ...(name === null ? {} : { student_name: name }),
});

interface StudentFileImportProps {
  examId: string;
  students: readonly ExamStudent[];
  /** Called after students were added. */
  added: () => Promise<void>;
}

/** Students from a CSV file: a preview first, which names each wrong line; confirming it adds the others. */
export const StudentFileImport = ({ examId, students, added }: StudentFileImportProps) => {
  const current = useSignal<Import>({ state: 'idle' });
  const problem = useSignal<Problem | null>(null);
  const isBusy = useSignal(false);
  const choices = useMemo(() => new NewestRequest(), []);
  const input = useRef<HTMLInputElement>(null);
  const show = (next: Import): void => {
    current.value = next;
    problem.value = null;
    if (next.state !== 'preview' && input.current !== null) input.current.value = '';
  };
  const choose = async (file: File): Promise<void> => {
    const isNewest = choices.begin();
    const read = await readFile(file);
    if (isNewest()) show(read);
  };
  const add = async (valid: readonly StudentRow[]): Promise<void> => {
    isBusy.value = true;
    const answer = await enrol(examId, valid.map(newStudentOf));
    isBusy.value = false;
    if (!answer.ok) {
      problem.value = answer;
      return;
    }
    show({ state: 'added', count: valid.length });
    await added();
  };
  const { value: now } = current;
  const valid = now.state === 'preview' ? now.rows.filter((row) => row.problem === null) : [];
  return (
    <div data-testid="student-file">
      <div class="field">
        <label for="student-file">{texts.title}</label>
        <span class="hint" id="student-file-hint">
          {texts.hint}
        </span>
        <input
          ref={input}
          id="student-file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/plain"
          aria-describedby="student-file-hint"
          disabled={isBusy.value}
          onChange={({ currentTarget: { files } }) => {
            const file = files?.[0];
            if (file !== undefined) void choose(file);
          }}
        />
      </div>
      <div role="status">
        {now.state === 'added' ? texts.added(now.count) : null}
        {now.state === 'preview' ? <p>{texts.summary(valid.length, now.rows.length - valid.length)}</p> : null}
      </div>
      {now.state === 'unusable' ? (
        <Notice kind="warning" urgent>
          <p>{now.why}</p>
        </Notice>
      ) : null}
      {now.state === 'preview' ? (
        <>
          <Preview name={now.name} rows={now.rows} students={students} />
          {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
          <div class="buttons">
            <button
              class="button"
              type="button"
              disabled={valid.length === 0 || isBusy.value}
              onClick={() => void add(valid)}
            >
              {texts.confirm(valid.length)}
            </button>
            <button class="button quiet" type="button" onClick={() => show({ state: 'idle' })}>
              {texts.discard}
            </button>
          </div>
        </>
      ) : null}
    </div>
  );
};
