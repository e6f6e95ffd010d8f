import type { ExamAccommodations } from '../api/accommodation-api.ts';
import type { ExamStudent } from '../api/exam-api.ts';
import { setupTexts } from './setup-texts.ts';

const texts = setupTexts.roster;
const columns = [texts.student, texts.number, texts.extraTime, texts.accommodations, texts.actions];

interface RowProps {
  student: ExamStudent;
  /** Names of the student's accommodations; null: not known yet. */
  names: readonly string[] | null;
  isOver: boolean;
  edit: () => void;
  remove: () => void;
}

const Row = ({ student, names, isOver, edit, remove }: RowProps) => (
  <tr data-student={student.student_id}>
    <th scope="row" translate={false}>
      {student.student_name}
    </th>
    <td class="number" translate={false}>
      {student.student_id}
    </td>
    <td>{student.extra_minutes === 0 ? null : texts.minutes(student.extra_minutes)}</td>
    <td>{names === null ? null : names.length === 0 ? texts.noAccommodations : names.join(', ')}</td>
    <td>
      {isOver ? null : (
        <span class="row-buttons">
          <button
            class="button quiet small"
            type="button"
            aria-haspopup="dialog"
            aria-label={texts.editLabel(student.student_name)}
            disabled={names === null}
            onClick={edit}
          >
            {texts.edit}
          </button>
          <button
            class="button quiet small"
            type="button"
            aria-label={texts.removeLabel(student.student_name)}
            onClick={remove}
          >
            {texts.remove}
          </button>
        </span>
      )}
    </td>
  </tr>
);

interface RosterTableProps {
  students: readonly ExamStudent[];
  /** Null: not known yet. */
  accommodations: ExamAccommodations | null;
  isOver: boolean;
  edit: (student: ExamStudent) => void;
  remove: (student: ExamStudent) => void;
}

/** One line for each student of an exam. */
export const RosterTable = ({ students, accommodations, isOver, edit, remove }: RosterTableProps) => {
  const namesOf = (id: string): readonly string[] | null =>
    accommodations === null ? null : (accommodations.get(id) ?? []).map(({ name }) => name);
  return (
    <div class="table roster-table" role="region" aria-label={texts.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {students.map((student) => (
            <Row
              key={student.student_id}
              student={student}
              names={namesOf(student.student_id)}
              isOver={isOver}
              edit={() => edit(student)}
              remove={() => remove(student)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
};
