import { useSignal } from '@preact/signals';
import { giveExtraTime } from '../../api/exam-api.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';

const texts = guidanceTexts.extraTime;
const steps = [5, 10, 15];

/** Extra time for one student, in an exam with a time limit. */
export const ExtraMinutes = ({ watch, studentId }: { watch: ExamWatch; studentId: string }) => {
  const outcome = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const { exam_id: examId, duration_minutes: duration, students } = watch.state.value;
  if (duration == null) return null;
  const has = students.find(({ student_id: id }) => id === studentId)?.extra_minutes ?? 0;
  const give = async (minutes: number): Promise<void> => {
    isBusy.value = true;
    const answer = await giveExtraTime(examId, minutes, [studentId]);
    isBusy.value = false;
    outcome.value = answer.ok ? texts.given(answer.value) : (answer.detail ?? proctorTexts.student.failed);
    watch.refresh();
  };
  return (
    <div class="save" data-testid="extra-time">
      <span>{has === 0 ? texts.title : texts.has(has)}</span>
      {steps.map((minutes) => (
        <button
          key={minutes}
          type="button"
          class="button quiet small"
          disabled={isBusy.value}
          onClick={() => void give(minutes)}
        >
          {texts.one(minutes)}
        </button>
      ))}
      <span role="status" class="small">
        {outcome.value}
      </span>
    </div>
  );
};
