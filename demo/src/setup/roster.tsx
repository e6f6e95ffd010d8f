import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { listAccommodations } from '../api/accommodation-api.ts';
import type { ExamAccommodations } from '../api/accommodation-api.ts';
import type { Problem } from '../api/answer.ts';
import { removeStudent } from '../api/exam-api.ts';
import type { ExamState, ExamStudent } from '../api/exam-api.ts';
import { ConfirmDialog } from '../page/confirm-dialog.tsx';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { StudentAccess } from '../proctor/exam/student-access.tsx';
import { AccommodationDialog } from './accommodation-dialog.tsx';
import { RosterTable } from './roster-table.tsx';
import { setupTexts } from './setup-texts.ts';
import { StudentFileImport } from './student-file-import.tsx';

const texts = setupTexts.roster;

interface RosterProps {
  exam: ExamState;
  /** Reads the exam again. */
  load: () => Promise<void>;
}

/** The exam's students: from a file, with accommodations and personal links. */
export const Roster = ({ exam, load }: RosterProps) => {
  const accommodations = useSignal<ExamAccommodations | null>(null);
  const problem = useSignal<Problem | null>(null);
  const edited = useSignal<ExamStudent | null>(null);
  const saving = useSignal<ReadonlySet<string>>(new Set());
  const leaving = useSignal<ExamStudent | null>(null);
  const done = useSignal<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { exam_id: examId, students, status } = exam;
  const isOver = status === 'COMPLETED' || status === 'CANCELLED';
  const loadAccommodations = async (): Promise<void> => {
    const answer = await listAccommodations(examId);
    if (answer.ok) accommodations.value = answer.value;
    else problem.value = answer;
  };
  useEffect(() => void loadAccommodations(), []);
  const { value: opened } = edited;
  const remove = async ({ student_id: id, student_name: name }: ExamStudent): Promise<void> => {
    const answer = await removeStudent(examId, id);
    problem.value = answer.ok ? null : answer;
    done.value = answer.ok ? texts.removed(name) : null;
    if (!answer.ok) return;
    await load();
    // The button that had the focus is gone with its row. By now the user may be in another field.
    if (document.activeElement === document.body) heading.current?.focus();
  };
  return (
    <section class="card" aria-labelledby="roster">
      <h2 id="roster" ref={heading} tabIndex={-1}>
        {texts.title(students.length)}
      </h2>
      {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
      <p role="status">{done.value}</p>
      {students.length === 0 ? (
        <p class="soft">{texts.none}</p>
      ) : (
        <RosterTable
          students={students}
          accommodations={accommodations.value}
          isOver={isOver}
          // A copy, so that the late answer to an earlier dialog of this student does not close the new one.
          edit={(student) => (edited.value = { ...student })}
          remove={(student) => (leaving.value = student)}
        />
      )}
      {isOver ? null : <StudentFileImport examId={examId} students={students} added={load} />}
      {students.length === 0 ? null : <StudentAccess exam={exam} />}
      {opened === null ? null : (
        <AccommodationDialog
          exam={exam}
          student={opened}
          accommodations={accommodations.value?.get(opened.student_id) ?? []}
          saving={saving}
          stored={(list) => {
            // Not read again: until the answer came, the dialog would start from the old list, and storing that replaces the new one.
            accommodations.value = new Map(accommodations.peek()).set(opened.student_id, list);
          }}
          close={(isSaved) => {
            // After a late answer, another dialog may be open.
            if (edited.peek() === opened) edited.value = null;
            if (isSaved) void load();
          }}
        />
      )}
      {leaving.value === null ? null : (
        <ConfirmDialog
          question={texts.removeSure(leaving.value.student_name)}
          yes={texts.removeYes}
          no={texts.no}
          answered={(isYes) => {
            const student = leaving.value;
            leaving.value = null;
            if (isYes && student !== null) void remove(student);
          }}
        />
      )}
    </section>
  );
};
