import type { ExamPolicy } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import { Notice } from '../../page/notice.tsx';
import type { Answer } from '../../api/answer.ts';
import { createExam, enrol } from '../../api/exam-api.ts';
import { examPath } from '../../sessions/exam-in-address.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { readStudentLines } from './student-lines.ts';
import { StudentsField } from './students-field.tsx';

const texts = proctorTexts.create;
const views = ['numbers', 'thumbnails', 'none'] as const satisfies readonly ExamPolicy['live_view'][];
const maxTitleLength = 300;
const maxMinutes = 10_080;

type Problem = { line: string } | Extract<Answer<unknown>, { ok: false }>;

export const NewExamForm = () => {
  const title = useSignal('');
  const minutes = useSignal('');
  const lines = useSignal('');
  const view = useSignal<ExamPolicy['live_view']>('numbers');
  const breaks = useSignal(false);
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | null>(null);

  const send = async (): Promise<Problem | null> => {
    const read = readStudentLines(lines.value);
    if (!read.ok) return { line: read.line };
    const created = await createExam({
      title: title.value.trim(),
      ...(minutes.value === '' ? {} : { duration_minutes: Number(minutes.value) }),
      policy: { live_view: view.value, breaks: breaks.value },
    });
    if (!created.ok) return created;
    const { exam_id: examId } = created.value;
    // The exam is there whatever becomes of the list; its page can add students as well.
    if (read.students.length > 0) await enrol(examId, read.students);
    location.assign(examPath(examId));
    return null;
  };
  const create = async (): Promise<void> => {
    isBusy.value = true;
    problem.value = null;
    problem.value = await send();
    isBusy.value = false;
  };

  return (
    <section class="card" aria-labelledby="new-exam">
      <h2 id="new-exam">{texts.title}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <div class="field">
          <label for="exam-title">{texts.name}</label>
          <input
            id="exam-title"
            type="text"
            required
            maxLength={maxTitleLength}
            autocomplete="off"
            value={title.value}
            onInput={(event) => (title.value = event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="exam-minutes">{texts.minutes}</label>
          <span class="hint" id="exam-minutes-hint">
            {texts.minutesHint}
          </span>
          <input
            id="exam-minutes"
            type="number"
            min={1}
            max={maxMinutes}
            aria-describedby="exam-minutes-hint"
            value={minutes.value}
            onInput={(event) => (minutes.value = event.currentTarget.value)}
          />
        </div>
        <StudentsField id="exam-students" lines={lines} />
        <fieldset class="choices">
          <legend>{texts.view}</legend>
          {views.map((name) => (
            <label key={name}>
              <input type="radio" name="view" checked={view.value === name} onChange={() => (view.value = name)} />
              {texts.views[name]}
            </label>
          ))}
        </fieldset>
        <div class="choices">
          <label>
            <input
              type="checkbox"
              checked={breaks.value}
              onChange={(event) => (breaks.value = event.currentTarget.checked)}
            />
            {texts.breaks}
          </label>
        </div>
        {problem.value === null ? null : 'line' in problem.value ? (
          <Notice kind="warning" urgent>
            <p>{texts.wrongStudents(problem.value.line)}</p>
          </Notice>
        ) : (
          <ProblemNotice answer={problem.value} />
        )}
        <button class="button" disabled={isBusy.value}>
          {texts.button}
        </button>
      </form>
    </section>
  );
};
