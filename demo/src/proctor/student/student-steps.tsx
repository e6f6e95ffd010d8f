import { useKey } from '../../page/use-key.ts';
import { guidanceTexts } from '../texts/guidance-texts.ts';
import type { ExamWatch } from '../watch/exam-watch.ts';
import type { Seat } from '../watch/seat.ts';

const texts = guidanceTexts.step;

interface StudentStepsProps {
  watch: ExamWatch;
  seat: Seat;
  step: (seat: Seat) => void;
}

/** The previous and the next student in the wall's order, by button or arrow key. */
export const StudentSteps = ({ watch, seat, step }: StudentStepsProps) => {
  const seats = watch.ordered.value;
  const at = seats.findIndex(({ key }) => key === seat.key);
  const previous = at > 0 ? seats[at - 1] : undefined;
  // A student whom the filter hides is followed by the first one.
  const next = seats[at + 1];
  useKey('arrowleft', () => previous !== undefined && step(previous));
  useKey('arrowright', () => next !== undefined && step(next));
  return (
    <>
      <span class="soft small number">{at === -1 ? null : texts.place(at + 1, seats.length)}</span>
      <button
        type="button"
        class="button quiet small"
        aria-label={texts.previous}
        title={texts.previous}
        disabled={previous === undefined}
        onClick={() => previous !== undefined && step(previous)}
      >
        ←
      </button>
      <button
        type="button"
        class="button quiet small"
        aria-label={texts.next}
        title={texts.next}
        disabled={next === undefined}
        onClick={() => next !== undefined && step(next)}
      >
        →
      </button>
    </>
  );
};
