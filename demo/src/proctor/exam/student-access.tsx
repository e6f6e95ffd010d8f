import { csvLine } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { ExamState, ExamStudent } from '../../api/exam-api.ts';
import { createLinks, listLinks, revokeLink } from '../../api/student-api.ts';
import type { ExamLinkBody } from '../../api/student-api.ts';
import type { Answer } from '../../api/answer.ts';
import { CopyLink } from '../../page/copy-link.tsx';
import { momentText } from '../../page/moment-text.ts';
import { saveFile } from '../../page/save-file.ts';
import { TaskQueue } from '../../page/task-queue.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { ProblemNotice } from './problem-notice.tsx';

const texts = proctorTexts.access;

const addressOf = (path: string): string => new URL(path, location.origin).href;

const checkText = ({ check }: ExamStudent): string => {
  if (check === null) return texts.notChecked;
  const needsAttention = Object.values(check.items).includes('attention');
  const text = texts.checked(momentText(check.checked_at));
  return needsAttention ? `${text}; ${texts.attention}` : text;
};

const linkRow = ({ student_id: id, student_name: name, path, expires_at: until }: ExamLinkBody) =>
  csvLine([id, name, addressOf(path ?? ''), until]);

/** With the mark that makes Excel read UTF-8. */
const linksCsv = (links: readonly ExamLinkBody[]): string =>
  `\uFEFF${[csvLine(texts.csvColumns), ...links.map(linkRow)].map((row) => `${row}\r\n`).join('')}`;

interface LinkActionsProps {
  link: ExamLinkBody | undefined;
  replace: () => void;
  revoke: () => void;
}

const LinkActions = ({ link, replace, revoke }: LinkActionsProps) => {
  if (link?.path == null) {
    return (
      <button class="button quiet small" type="button" onClick={replace}>
        {texts.create}
      </button>
    );
  }
  return (
    <>
      <CopyLink address={addressOf(link.path)} texts={texts} />
      <button class="button quiet small" type="button" onClick={revoke}>
        {texts.revoke}
      </button>
    </>
  );
};

/** Each student's camera check and personal link. The links are read when the section is opened. */
export const StudentAccess = ({ exam }: { exam: ExamState }) => {
  const links = useSignal<readonly ExamLinkBody[] | null>(null);
  const problem = useSignal<Extract<Answer<unknown>, { ok: false }> | null>(null);
  const isCreating = useSignal(false);
  const queue = useMemo(() => new TaskQueue(), []);
  /** Each answer holds all links. */
  const take = async (request: () => Promise<Answer<ExamLinkBody[]>>): Promise<void> => {
    const answer = await queue.add(request);
    problem.value = answer.ok ? null : answer;
    if (answer.ok) links.value = answer.value;
  };
  const { exam_id: examId, students } = exam;
  const createAll = async (): Promise<void> => {
    isCreating.value = true;
    await take(() => createLinks(examId));
    isCreating.value = false;
  };
  const revoke = async (studentId: string): Promise<void> => {
    const answer = await revokeLink(examId, studentId);
    if (answer.ok) await take(() => listLinks(examId));
    else problem.value = answer;
  };
  const linkOf = (studentId: string) => links.value?.find((link) => link.student_id === studentId);
  const valid = (links.value ?? []).filter(({ path }) => path !== null);
  const table = valid.map(({ student_id: id, student_name: name, path }) => `${id}\t${name}\t${addressOf(path ?? '')}`);
  return (
    <details
      class="access"
      data-testid="access"
      onToggle={(event) => {
        if (event.currentTarget.open && links.value === null) void take(() => listLinks(examId));
      }}
    >
      <summary>{texts.title}</summary>
      <p class="soft">{texts.text}</p>
      {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
      <div class="buttons">
        <button
          class="button quiet"
          type="button"
          data-testid="create-links"
          disabled={students.length === 0 || isCreating.value}
          onClick={() => void createAll()}
        >
          {texts.createAll}
        </button>
      </div>
      {table.length === 0 ? null : (
        <>
          <button
            class="button quiet small"
            type="button"
            onClick={() => saveFile(`${examId}_links.csv`, 'text/csv', linksCsv(valid))}
          >
            {texts.csv}
          </button>
          <CopyLink address={table.join('\n')} texts={{ ...texts, copy: texts.copyAll(table.length) }} />
        </>
      )}
      <ul class="access-list">
        {students.map((student) => (
          <li key={student.student_id}>
            <strong translate={false}>{student.student_name}</strong>
            <span class={student.check === null ? 'soft' : undefined}>{checkText(student)}</span>
            <span class="access-buttons">
              <LinkActions
                link={linkOf(student.student_id)}
                replace={() => void take(() => createLinks(examId, [student.student_id]))}
                revoke={() => void revoke(student.student_id)}
              />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
};
