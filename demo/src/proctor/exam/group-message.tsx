import { useSignal } from '@preact/signals';
import { messageStudents } from '../../api/exam-api.ts';
import { ActionDialog } from '../../page/action-dialog.tsx';
import { WriteForm } from '../student/write-form.tsx';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import { RecipientsField } from './recipients-field.tsx';
import { shownStudents } from './shown-students.ts';

const texts = guidanceTexts.group;
const maxMessageLength = 1000;

/** A message to all students, or to those shown on the wall. */
export const GroupMessage = ({ watch }: { watch: ExamWatch }) => {
  const isShownOnly = useSignal(false);
  const inSession = watch.seats.value.filter(({ sessionId, hasEnded }) => sessionId !== null && !hasEnded).length;
  return (
    <ActionDialog open={texts.open} title={texts.title} close={texts.close} testId="group-message">
      <RecipientsField
        legend={texts.to}
        all={texts.all(inSession)}
        shown={texts.shown(shownStudents(watch).length)}
        isShownOnly={isShownOnly}
      />
      <WriteForm
        label={texts.text}
        button={texts.send}
        done={texts.sent}
        maxLength={maxMessageLength}
        canned={texts.canned}
        send={(text) =>
          messageStudents(watch.state.peek().exam_id, text, isShownOnly.value ? shownStudents(watch) : null)
        }
      />
    </ActionDialog>
  );
};
