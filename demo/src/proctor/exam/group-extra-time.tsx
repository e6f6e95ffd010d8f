import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ActionDialog } from '../../page/action-dialog.tsx';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { RecipientsField } from './recipients-field.tsx';
import { shownStudents } from './shown-students.ts';
import { useExtraTime } from '../student/use-extra-time.ts';

const texts = guidanceTexts.extraTime;
const maxMinutes = 1440;

/** Extra time for all students, or for those shown on the wall, in an exam with a time limit. */
export const GroupExtraTime = ({ watch }: { watch: ExamWatch }) => {
  const id = useId();
  const minutes = useSignal('10');
  const isShownOnly = useSignal(false);
  const { outcome, isBusy, give } = useExtraTime(watch);
  if (watch.state.value.duration_minutes == null) return null;
  return (
    <ActionDialog open={texts.open} title={texts.title} close={guidanceTexts.group.close} testId="group-extra-time">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void give(Number(minutes.value), isShownOnly.value ? shownStudents(watch) : null);
        }}
      >
        <p class="soft">{texts.hint}</p>
        <div class="field">
          <label for={id}>{texts.minutes}</label>
          <input
            id={id}
            type="number"
            required
            min={1}
            max={maxMinutes}
            value={minutes.value}
            onInput={(event) => (minutes.value = event.currentTarget.value)}
          />
        </div>
        <RecipientsField
          legend={texts.to}
          all={texts.all}
          shown={texts.shown(shownStudents(watch).length)}
          isShownOnly={isShownOnly}
        />
        <div class="save">
          <button class="button small" disabled={isBusy.value}>
            {texts.give}
          </button>
          <span role="status" class="small">
            {outcome.value}
          </span>
        </div>
      </form>
    </ActionDialog>
  );
};
