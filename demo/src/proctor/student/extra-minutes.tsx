import { useExtraTime } from './use-extra-time.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';

const texts = guidanceTexts.extraTime;
const steps = [5, 10, 15];

/** Extra time for one student, in an exam with a time limit. */
export const ExtraMinutes = ({ watch, studentId }: { watch: ExamWatch; studentId: string }) => {
  const { outcome, isBusy, give } = useExtraTime(watch);
  const { duration_minutes: duration, students } = watch.state.value;
  if (duration == null) return null;
  const has = students.find(({ student_id: id }) => id === studentId)?.extra_minutes ?? 0;
  return (
    <div class="save" data-testid="extra-time">
      <span>{has === 0 ? texts.title : texts.has(has)}</span>
      {steps.map((minutes) => (
        <button
          key={minutes}
          type="button"
          class="button quiet small"
          disabled={isBusy.value}
          onClick={() => void give(minutes, [studentId])}
        >
          {texts.one(minutes)}
        </button>
      ))}
      {has > 0 && (
        <button
          type="button"
          class="button quiet small"
          disabled={isBusy.value}
          onClick={() => void give(-has, [studentId])}
        >
          {texts.takeBack(has)}
        </button>
      )}
      <span role="status" class="small">
        {outcome.value}
      </span>
    </div>
  );
};
