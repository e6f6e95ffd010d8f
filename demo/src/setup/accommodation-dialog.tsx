import type { Accommodation } from '@invigil/protocol/rules';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { setAccommodations } from '../api/accommodation-api.ts';
import type { Answer, Problem } from '../api/answer.ts';
import { createExtraTimeSender } from '../api/extra-time-sender.ts';
import type { ExamState, ExamStudent } from '../api/exam-api.ts';
import { useModal } from '../page/use-modal.ts';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { AccommodationFields } from './accommodation-fields.tsx';
import { setupTexts } from './setup-texts.ts';

const texts = setupTexts.accommodations;
const maxAccommodations = 20;
const maxExtraMinutes = 1440;
const blank: Accommodation = { name: '', off: [], longer: {} };

interface ExtraTimeFieldProps {
  /** Null: the exam has no time limit. */
  duration: number | null;
  extraMinutes: number;
  minutes: Signal<string>;
}

const ExtraTimeField = ({ duration, extraMinutes, minutes }: ExtraTimeFieldProps) => {
  const id = useId();
  return (
    <div class="field extra-time">
      <label for={`${id}-minutes`}>{texts.extraTime}</label>
      <span class="hint" id={`${id}-hint`}>
        {duration === null ? texts.noLimit : texts.extraTimeHas(extraMinutes)}
      </span>
      <input
        id={`${id}-minutes`}
        type="number"
        min={1}
        max={maxExtraMinutes}
        disabled={duration === null}
        aria-describedby={`${id}-hint`}
        value={minutes.value}
        onInput={({ currentTarget: { value } }) => (minutes.value = value)}
      />
    </div>
  );
};

interface AccommodationDialogProps {
  exam: ExamState;
  student: ExamStudent;
  accommodations: readonly Accommodation[];
  /** Students whose list is being saved, here or in a dialog that was closed meanwhile. Until it is, changes would start from the old list. */
  saving: Signal<ReadonlySet<string>>;
  /** Called with the list that the server has from now on, also if the extra time is refused after it. */
  stored: (accommodations: readonly Accommodation[]) => void;
  /** Called when it closes. @param isSaved whether something was stored */
  close: (isSaved: boolean) => void;
}

/** A student's accommodations and extra time. */
export const AccommodationDialog = (props: AccommodationDialogProps) => {
  const { exam, student, accommodations, saving, stored, close } = props;
  const dialog = useModal();
  const id = useId();
  /** Null: nothing was changed here, so the stored list is shown, even if it changes because an earlier dialog's save finishes. */
  const edited = useSignal<readonly Accommodation[] | null>(null);
  const list = edited.value ?? accommodations;
  const minutes = useSignal('');
  const problem = useSignal<Problem | null>(null);
  const { exam_id: examId, duration_minutes: duration } = exam;
  const { student_id: studentId, student_name: name, extra_minutes: extraMinutes } = student;

  const isSaving = saving.value.has(studentId);
  const giveTime = useMemo(() => createExtraTimeSender(examId), [examId]);

  const store = async (): Promise<Answer<unknown>> => {
    const [sent, extra] = [list, minutes.peek()];
    const answer = await setAccommodations(examId, studentId, sent);
    if (answer.ok) stored(sent);
    if (!answer.ok || extra === '') return answer;
    return giveTime(Number(extra), [studentId]);
  };
  const save = async (): Promise<void> => {
    saving.value = new Set([...saving.peek(), studentId]);
    const answer = await store();
    saving.value = new Set([...saving.peek()].filter((each) => each !== studentId));
    problem.value = answer.ok ? null : answer;
    if (answer.ok) close(true);
  };
  const replace = (index: number, ...by: Accommodation[]): void => {
    edited.value = list.toSpliced(index, 1, ...by);
  };
  return (
    <dialog
      ref={dialog}
      class="accommodations"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        close(false);
      }}
    >
      <h2 id={id}>{texts.title(name)}</h2>
      <p class="soft">{texts.hint}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <fieldset class="accommodation-list" disabled={isSaving}>
          {list.map((accommodation, index) => (
            <AccommodationFields
              key={index}
              accommodation={accommodation}
              change={(changed) => replace(index, changed)}
              drop={() => replace(index)}
            />
          ))}
          {list.length >= maxAccommodations ? null : (
            <button class="button quiet small" type="button" onClick={() => (edited.value = [...list, blank])}>
              {texts.add}
            </button>
          )}
        </fieldset>
        <ExtraTimeField duration={duration} extraMinutes={extraMinutes} minutes={minutes} />
        {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
        <div class="buttons">
          <button class="button" disabled={isSaving}>
            {texts.save}
          </button>
          <button class="button quiet" type="button" onClick={() => close(false)}>
            {texts.close}
          </button>
        </div>
      </form>
    </dialog>
  );
};
